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
  [ -n "$writer" ] && kill -9 "$writer" 2>/dev/null
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

# round NAME MOUNT-OPTIONS WRITER-MODE PICTURES: prints how many pictures kept what was acknowledged
round() {
  local name=$1 options=$2 mode=$3 count=$4 kept=0 lost=0
  truncate -s 1G "$work/host/disk.img"
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
    mount -o loop "$work/host/picture.img" "$work/picture" || { lost=$((lost + 1)); continue; }
    if "$binary" --check "$work/picture/store" "$work/told" >"$work/result" 2>&1; then
      kept=$((kept + 1))
    else
      lost=$((lost + 1))
      grep -m1 -E 'had|damaged|panicked|Corrupt|torn' "$work/result" >>"$work/reasons.$name"
    fi
    umount "$work/picture"
    rm -f "$work/host/picture.img"
  done
  kill -9 "$writer" 2>/dev/null; wait "$writer" 2>/dev/null; writer=
  umount "$work/disk"
  echo "$name: $kept of $count pictures kept everything, $lost lost something ($(grep -c ' ' "$work/told") acknowledged appends at the last one)"
  sort "$work/reasons.$name" 2>/dev/null | head -3
  eval "${name//-/_}_kept=$kept ${name//-/_}_lost=$lost"
}

durable_lost=1 our_sync_off_lost=0 every_write_synced_lost=1
round durable "" "" "$pictures"
round our-sync-off "" unsynced 12
round every-write-synced ",sync" unsynced 12
[ "$our_sync_off_lost" -gt 0 ] || { echo "FAILED: without our sync nothing was lost, so the rig proves nothing"; exit 1; }
[ "$every_write_synced_lost" = 0 ] || { echo "FAILED: with every write synced something was lost, so the rig proves nothing"; exit 1; }
[ "$durable_lost" = 0 ] || { echo "FAILED: acknowledged appends were lost"; exit 1; }
echo "PASSED"
