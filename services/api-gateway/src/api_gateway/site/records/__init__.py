"""Votings, people, bodies, meetings and changes as pages show them: pure functions from the API's items to views."""
