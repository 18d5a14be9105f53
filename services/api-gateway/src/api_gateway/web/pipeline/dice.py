"""The edge's own random numbers: the shared generator is its users' to seed, and to watch."""

import random

dice = random.Random()
