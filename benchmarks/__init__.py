"""Benchmarks, run by `bin/bench NAME`. Importing any of them sets Django up first, as they import models."""

import django

django.setup()
