# Prints the entries of a lock file, hashes and all, whose packages are named in a list: awk -f locked.awk LIST LOCK
NR == FNR { if ($1 !~ /^#/) wanted[$1]; next }
/^[a-z0-9]/ { split($1, name, "=="); inside = name[1] in wanted }
inside
