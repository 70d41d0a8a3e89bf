#!/bin/bash
# Cuts the power in simulation: see README.md beside this file.
# Usage: power-cut.sh [pictures, 60 by default]
set -u
pictures=${1:-60}
here=$(cd "$(dirname "$0")/../.." && pwd)

skip() { echo "SKIPPED: $1"; exit 0; }
[ "$(id -u)" = 0 ] || skip "loop mounts need root"
command -v mkfs.ext4 >/dev/null || skip "mkfs.ext4 is missing (package e2fsprogs)"
command -v mkfs.xfs >/dev/null || skip "mkfs.xfs is missing (package xfsprogs)"
losetup -f >/dev/null 2>&1 || skip "this machine has no loop devices"

cd "$here" || exit 1
binary=$(cargo test -p punctual-sled --test crash --no-run --message-format=json 2>/dev/null |
  grep -o '"executable":"[^"]*/crash-[^"]*"' | tail -1 | cut -d'"' -f4)
[ -x "$binary" ] || { echo "the crash test does not build"; exit 1; }

work=$(mktemp -d)
writer=
cleanup() {
  [ -n "$writer" ] && kill -9 "$writer" 2>/dev/null && wait "$writer" 2>/dev/null
  umount "$work/picture" "$work/disk" "$work/host" 2>/dev/null
  rm -rf "$work"
}
trap cleanup EXIT
mkdir "$work/host" "$work/disk" "$work/picture"

# The outer file system must copy a file as it is at one moment.
truncate -s 6G "$work/host.img"
mkfs.xfs -q -m reflink=1 "$work/host.img" 2>/dev/null || skip "mkfs.xfs makes no file system here"
mount -o loop "$work/host.img" "$work/host" 2>/dev/null || skip "XFS cannot be mounted"
take() { cp --reflink=always "$1" "$2"; }

# round NAME MOUNT-OPTIONS WRITER-MODE PICTURES: adds up how many pictures kept what was acknowledged
declare -A kept lost told
round() {
  local name=$1 options=$2 mode=$3 count=$4
  rm -f "$work/host/disk.img"
  truncate -s 2G "$work/host/disk.img"
  mkfs.ext4 -q -F "$work/host/disk.img"
  mount -o "loop$options" "$work/host/disk.img" "$work/disk" || { echo "$name: cannot mount"; return; }
  : >"$work/acks"
  "$binary" --write-until-killed "$work/disk/store" $mode >"$work/acks" 2>"$work/errors" &
  writer=$!
  until grep -q '^open$' "$work/acks"; do
    kill -0 "$writer" 2>/dev/null || { echo "$name: the writer stopped"; cat "$work/errors"; break; }
    sleep 0.05
  done
  for number in $(seq "$count"); do
    sleep "$(printf '0.%03d' $((RANDOM % 250 + 20)))"
    # What was acknowledged before the cut begins must be in the picture.
    cp "$work/acks" "$work/told"
    take "$work/host/disk.img" "$work/host/picture.img"
    mount -o loop "$work/host/picture.img" "$work/picture" || { lost[$name]=$((lost[$name] + 1)); continue; }
    if "$binary" --check "$work/picture/store" "$work/told" >"$work/result" 2>&1; then
      kept[$name]=$((kept[$name] + 1))
    else
      lost[$name]=$((lost[$name] + 1))
      grep -m1 -E ' had |damaged|Corrupt|torn' "$work/result" >>"$work/reasons.$name"
    fi
    umount "$work/picture"
    rm -f "$work/host/picture.img"
  done
  kill -0 "$writer" 2>/dev/null || { echo "FAILED: the writer stopped before the last picture"; cat "$work/errors"; exit 1; }
  kill -9 "$writer" 2>/dev/null; wait "$writer" 2>/dev/null; writer=
  umount "$work/disk"
  told[$name]=$((told[$name] + $(grep -c ' ' "$work/told")))
}

# rounds NAME MOUNT-OPTIONS WRITER-MODE PICTURES: a fresh store every six pictures, so that it stays small
rounds() {
  local name=$1 left=$4
  kept[$name]=0 lost[$name]=0 told[$name]=0
  while [ "$left" -gt 0 ]; do
    round "$name" "$2" "$3" $((left < 6 ? left : 6))
    left=$((left - 6))
  done
  echo "$name: ${kept[$name]} of $4 pictures kept everything, ${lost[$name]} lost something (${told[$name]} acknowledged appends)"
  sort "$work/reasons.$name" 2>/dev/null | head -3
}

rounds durable "" "" "$pictures"
rounds our-sync-off "" unsynced 12
rounds every-write-synced ",sync" unsynced 12
all() { [ "${kept[$1]}" -gt 0 ] && [ "${lost[$1]}" = 0 ]; }
[ "${lost[our-sync-off]}" -gt 0 ] || { echo "FAILED: without our sync nothing was lost, so the rig proves nothing"; exit 1; }
all every-write-synced || { echo "FAILED: with every write synced something was lost, so the rig proves nothing"; exit 1; }
all durable || { echo "FAILED: acknowledged appends were lost"; exit 1; }
echo "PASSED"
