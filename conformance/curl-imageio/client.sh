#!/usr/bin/env bash
# Drives a gateway with nothing but curl, jq and qemu-img: the oVirt API in JSON, the data API by ranges.
# Settings come as one JSON object on standard input (see client.py of ovirt-sdk-python); secrets reach curl by files, never by its words.
set -uo pipefail

settings=$(cat)
setting() { jq -r ".$1" <<<"$settings"; }
api=$(setting api_url) ca=$(setting ca_file) work=$(setting work) pool=$(setting pool) vm_name=$(setting vm_name)
engine=${api%/api}
cd "$work" || exit 1
umask 077
failures=0

# step NAME COMMAND...: one line for the runner
step() {
  local name=$1 facts
  shift
  if facts=$("$@" 2>step.err); then
    printf 'passed  %s  %s\n' "$name" "$facts"
  else
    failures=$((failures + 1))
    printf 'failed  %s  %s %s\n' "$name" "$facts" "$(tr '\n' ' ' <step.err)"
  fi
}

fail() { echo "$*" >&2; return 1; }

# call METHOD PATH [JSON]: the oVirt API; the body of the answer
call() {
  local body=()
  [ $# -lt 3 ] || body=(--data "$3")
  curl --silent --show-error --fail-with-body --max-time 60 --cacert "$ca" --config auth.curl \
    --header 'Accept: application/json' --header 'Content-Type: application/json' --request "$1" "${body[@]}" "$api$2"
}

# data ARGUMENTS...: the data API
data() { curl --silent --show-error --max-time 120 --cacert "$ca" "$@"; }

# status ARGUMENTS...: the status of an answer of the data API
status() { data --output /dev/null --write-out '%{http_code}' "$@"; }

# wait_for WORD COMMAND...: until the command prints the word
wait_for() {
  local word=$1 now='' attempt
  shift
  for attempt in $(seq 300); do
    now=$("$@") && [ "$now" = "$word" ] && return
    sleep 0.2
  done
  fail "still $now and not $word after $attempt attempts"
}

login() {
  setting password >password
  setting user >user
  data --fail --header 'Accept: application/json' --data 'grant_type=password&scope=ovirt-app-api' \
    --data-urlencode username@<(tr -d '\n' <user) --data-urlencode password@<(tr -d '\n' <password) "$engine/sso/oauth/token" >token.json || return
  jq -r '"header = \"Authorization: Bearer \(.access_token)\""' token.json >auth.curl
  jq -r '"until \(.exp)"' token.json
}

find_vm() {
  call GET "/vms?search=name%3D$vm_name" | jq -re '.vm[0].id' >vm || fail "no VM is named $vm_name"
  call GET "/vms/$(cat vm)/diskattachments" | jq -re '.disk_attachment[0].disk.id' >disk || fail 'the VM has no disk'
  echo "VM $(cat vm), disk $(cat disk)"
}

backup_phase() { call GET "/vms/$(cat vm)/backups/$(cat backup)" | jq -r .phase; }
transfer_phase() { call GET "/imagetransfers/$(cat transfer)" | jq -r .phase; }
disk_status() { call GET "/disks/$1" | jq -r .status; }

# open_transfer JSON
open_transfer() {
  call POST /imagetransfers "$1" | jq -re .id >transfer || return
  wait_for transferring transfer_phase || return
  call GET "/imagetransfers/$(cat transfer)" >transfer.json
  jq -re .transfer_url transfer.json >url && jq -re .proxy_url transfer.json >proxy_url
}

finish_transfer() {
  call POST "/imagetransfers/$(cat transfer)/finalize" '{}' >/dev/null && wait_for finished_success transfer_phase
}

start_backup() {
  call POST "/vms/$(cat vm)/backups" "{\"disks\":{\"disk\":[{\"id\":\"$(cat disk)\"}]}}" | jq -re .id >backup || return
  wait_for ready backup_phase || return
  open_transfer "{\"disk\":{\"id\":\"$(cat disk)\"},\"backup\":{\"id\":\"$(cat backup)\"},\"direction\":\"download\",\"format\":\"raw\"}"
}

capabilities() {
  data --fail --request OPTIONS "$(cat url)" >options.json || return
  jq -e '(.features | index("extents")) and .max_readers > 0' options.json >/dev/null || fail "$(cat options.json)"
  jq -r '"\(.features | join(", ")); \(.max_readers) readers"' options.json
}

extents_cover() {
  data --fail "$(cat url)/extents" >extents.json || return
  jq -e 'reduce .[] as $e (0; if . == $e.start then $e.start + $e.length else error("a gap at \(.)") end)' extents.json >size || return
  echo "$(jq length extents.json) extents, $(cat size) bytes"
}

# The first third by a range, then curl goes on by itself where the file ends.
download_and_continue() {
  local third=$(($(cat size) / 3 + 12345))
  data --fail --range "0-$((third - 1))" --output disk.raw "$1" || return
  [ "$(stat -c %s disk.raw)" = "$third" ] || fail "the range has $(stat -c %s disk.raw) bytes instead of $third" || return
  data --fail --continue-at - --output disk.raw "$1" || return
  [ "$(stat -c %s disk.raw)" = "$(cat size)" ] || fail "the image has $(stat -c %s disk.raw) bytes" || return
  qemu-img compare -U -f raw -F qcow2 disk.raw "$(find "$pool" -type f)" || return
}

refusals() {
  local url past
  url=$(cat url)
  past=$(status --range "$(cat size)-" "$url")
  [ "$past" = 416 ] || fail "a range past the end: $past" || return
  past=$(status "${url%/*}/00000000-0000-0000-0000-000000000000")
  [ "$past" = 403 ] || fail "an unknown ticket: $past" || return
  past=$(status --head "$url")
  [ "$past" = 405 ] || fail "HEAD: $past" || return
  past=$(printf x | status --request PUT --data-binary @- --header 'Content-Range: bytes 0-0/*' "$url")
  [ "$past" = 403 ] || fail "writing with a ticket to read: $past" || return
  echo '416, 403, 405, 403'
}

finish_backup() {
  finish_transfer || return
  call POST "/vms/$(cat vm)/backups/$(cat backup)/finalize" '{}' >/dev/null && wait_for succeeded backup_phase
}

ticket_is_gone() {
  local now
  now=$(status --range 0-0 "$(cat url)")
  [ "$now" = 403 ] || fail "the ticket still answers $now"
}

# A small image by whole PUT, a PUT of a range, zero, flush; then the volume must hold exactly that.
upload() {
  local size=$((1024 * 1024 * 1024)) domain id url path
  domain=$(call GET /storagedomains | jq -re '[.storage_domain[] | select(.type == "data")][0].id') || return
  find "$pool" -type f >before
  call POST /disks "{\"name\":\"curl\",\"provisioned_size\":$size,\"format\":\"raw\",\"storage_domains\":{\"storage_domain\":[{\"id\":\"$domain\"}]}}" |
    jq -re .id >new_disk || return
  id=$(cat new_disk)
  wait_for ok disk_status "$id" || return
  open_transfer "{\"disk\":{\"id\":\"$id\"},\"direction\":\"upload\",\"format\":\"raw\"}" || return
  url=$(cat "$1")
  head --bytes=3000000 /dev/urandom >first
  head --bytes=70000 /dev/urandom >second
  truncate --size=$size wanted.raw
  dd if=first of=wanted.raw conv=notrunc status=none
  dd if=second of=wanted.raw bs=65536 seek=4096 conv=notrunc status=none
  dd if=/dev/zero of=wanted.raw bs=65536 seek=8 count=4 conv=notrunc status=none
  data --fail --upload-file first --header "Content-Range: bytes 0-2999999/*" "$url?flush=n" || return
  data --fail --upload-file second --header "Content-Range: bytes 268435456-268505455/$size" "$url?flush=n" || return
  data --fail --request PATCH --header 'Content-Type: application/json' --data '{"op":"zero","offset":524288,"size":262144,"flush":false}' "$url" || return
  data --fail --request PATCH --header 'Content-Type: application/json' --data '{"op":"flush"}' "$url" || return
  finish_transfer || return
  wait_for ok disk_status "$id" || return
  path=$(find "$pool" -type f | grep --invert-match --fixed-strings --file=before)
  qemu-img compare -U -f raw -F qcow2 wanted.raw "$path" || return
  call DELETE "/disks/$id" >/dev/null
}

logout() {
  local now
  call POST /logout '{}' >/dev/null || return
  now=$(status --config auth.curl "$api/vms")
  [ "$now" = 401 ] || fail "the token still answers $now"
}

step 'login' login
step 'find the VM and its disk' find_vm
step 'start a backup and open a transfer' start_backup
step 'OPTIONS tells what is offered' capabilities
step 'extents cover the disk without a gap' extents_cover
step 'download from the host, cut and continued' download_and_continue "$(cat url)"
step 'download through the proxy, cut and continued' download_and_continue "$(cat proxy_url)"
step 'what is not allowed is refused' refusals
step 'finish transfer and backup' finish_backup
step 'the ticket is gone' ticket_is_gone
step 'upload to the host by ranges, zero and flush' upload url
step 'upload through the proxy by ranges, zero and flush' upload proxy_url
step 'logout' logout
[ "$failures" = 0 ]
