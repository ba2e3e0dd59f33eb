"""Photos: from a stranger's upload to signed addresses that ask who is looking.

limits.py      how much, how many, how long         errors.py     what is refused, and why
child.py       the process that decodes             decoding.py   how it is started, bounded and asked
names.py       names in the storage                 files.py      reading and writing them
services.py    upload, describe, discard, render    uploads.py    in pieces that can be gone on with (tus), or to a bucket
choosing.py    media that a post is made of         sweeping.py   what nobody came back for
addresses.py   signed addresses                     views.py      who may have the file behind one
api.py, tus.py, serializers.py                      direct.py     pictures of our own, without all that
"""
