# shellcheck shell=sh
# Read by the scripts beside it: where compose finds a folder that can be set.

# folder_of SETTING DEFAULT: the folder that SETTING names in the environment, else in `.env` beside the scripts, from which
# compose has it. A relative one of `.env`, and DEFAULT, are beside the scripts too. The caller sets `here`, their folder.
folder_of() {
    if value=$(printenv "$1"); then
        printf %s "${value:-$here/$2}"
        return
    fi
    value=''
    if [ -f "$here/.env" ]; then
        value=$(sed -n "s/^[[:space:]]*\(export[[:space:]]\{1,\}\)\{0,1\}$1[[:space:]]*=[[:space:]]*//p" "$here/.env" | tail -n 1 |
            sed "s/^'\([^']*\)'.*/\1/; t; s/^\"\([^\"]*\)\".*/\1/; t; s/^#.*//; s/[[:space:]]\{1,\}#.*//; s/[[:space:]]*$//")
    fi
    case $value in
    *\$* | '~'*) echo "$here/.env: write $1 out, without \$ and ~, or export it: only compose reads '$value'" >&2 && return 1 ;;
    '') printf %s "$here/$2" ;;
    /*) printf %s "$value" ;;
    *) printf %s "$here/$value" ;;
    esac
}
