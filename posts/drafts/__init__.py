"""Posts to be: kept while they are being written, and published by hand or by the clock.

entities.py     a draft and what it says            services.py    save, delete, have back
repository.py   DRAFTS and DUE#PUBLISH items        scheduling.py  a time, and its zone
photos.py       media that drafts keep              publishing.py  by hand, and when it is due; exactly once
"""
