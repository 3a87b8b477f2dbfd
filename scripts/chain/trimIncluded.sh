#!/bin/sh
# Runs one of the compiler's programs (go build -toolexec). A file that assembly includes from another folder is named by
# its place in the module cache, which -trimpath misses: take that away too, so that binaries of two machines agree.
tool=$1
shift
case $tool in
*/asm)
  left=$# last=
  while [ "$left" -gt 0 ]; do
    word=$1
    shift
    [ "$last" = -trimpath ] && word="$word;$GOMODCACHE=>"
    set -- "$@" "$word"
    last=$word left=$((left - 1))
  done
  ;;
esac
exec "$tool" "$@"
