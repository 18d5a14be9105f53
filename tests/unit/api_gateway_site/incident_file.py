"""An invented incident, as its file would be written."""

INCIDENT = """title: Câmara recusa leituras
title_en: The Câmara refuses readings
started_at: 2026-11-30T14:08:00-03:00
ended_at: 2026-11-30T16:40:00-03:00
affects: camara

O servidor respondeu **403** a tudo.

<!-- en -->

Its server answered everything with **403**.
"""
