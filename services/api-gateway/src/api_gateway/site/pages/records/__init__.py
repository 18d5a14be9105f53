"""The pages of votings, legislators, bodies, meetings and changes."""
