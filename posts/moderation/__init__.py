"""What is looked at before and after it is shown: rules, classifiers, cases for moderators.

    created, edited, photos ready -> stream -> scan of that version -> standing, results, a case if it is not simply shown

trust.py       whose posts wait for their scan         scanners/      rules, text and image classifiers, by setting
content.py     what is scanned of a post               verdicts.py    all scanners' findings, the worst one wins
scanning.py    a scan, its retries and its end         repository.py  standings and results in DynamoDB
cases.py       cases and moderators' decisions         rules.py       rules as they are kept and tried
"""
