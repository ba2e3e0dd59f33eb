"""What people keep for themselves: saved posts, and named collections of them. Nobody else ever learns of it.

    MARKS#<user>                POST#<19>#SAVED         the save: when, and in which collections
    MARKS#<user>                COLLECTION#<19>         a collection: its name, how many posts, a post for its cover
    COLLECTION#<user>#<id>      <19 digits of the save> which post; so a collection is in the order of saving, as all is

A save and its entries in collections change in one transaction, with the condition that the save is as it was read. A
collection that is deleted goes at once; its entries, and what the saves say of it, follow from the stream, and until
then nobody reads them.
"""
