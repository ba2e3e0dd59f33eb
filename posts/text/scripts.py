"""Classes of characters that more than one kind of facet asks about. All are fragments for the `regex` library."""

# Scripts written without spaces between words: what stands beside them may be a word of its own.
UNSPACED = r"\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー"
# A letter, mark or digit that a Latin word may not touch.
SPACED_WORD = rf"[[\p{{L}}\p{{M}}\p{{N}}]--[{UNSPACED}]]"
AT = "@＠"
HASH = "#＃"
