#!/usr/bin/env bash
# Distributed under the Boost Software License, Version 1.0.
#
#   certificates.sh DIR   makes the certificates of the TLS tests in DIR, with openssl, afresh
#
#   root.crt              the CA that the tests trust; server certificates come from an intermediate CA below it
#   root.crl, crls/       the revocations of both CAs, as one file and as a hashed directory
#   stranger.crt          a CA that nobody trusts
#   NAME.crt NAME.key     of a server: NAME.crt holds the chain without the root
#     server              for localhost, *.tusk.example, 127.0.0.1 and ::1
#     cn                  for localhost by its common name alone
#     other               for other.example
#     expired, revoked    as server, but
#     sha512              as server, signed with SHA-512
#     strange             as server, from the stranger
#     ed25519, pss        as server, signed by themselves with Ed25519, and with RSA-PSS and SHA-384
#   client.crt client.key the client's, for the role tusk_cert; client-enc.key and client-enc.der (password: sesame),
#                         client.der; client-strange.crt is the same from the stranger
set -euo pipefail

dir=$1
rm -rf "$dir"
mkdir -p "$dir/ca" "$dir/crls"
cd "$dir"

alternatives=DNS:localhost,DNS:*.tusk.example,IP:127.0.0.1,IP:::1

cat >ca/ca.cnf <<CNF
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[signer]
database = ca/\$ENV::CA.index
new_certs_dir = ca
rand_serial = yes
policy = any
default_md = sha256
default_days = 3650
default_crl_days = 3650
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
CNF
export OPENSSL_CONF=$dir/ca/ca.cnf
export CA=none

quiet() { "$@" >>ca/log 2>&1 || { cat ca/log >&2; exit 1; }; }
new_key() { quiet openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

authority() { # name common-name: signs itself
    new_key "ca/$1.key"
    quiet openssl req -x509 -new -key "ca/$1.key" -days 3650 -subj "/CN=$2" -extensions authority -out "$1.crt"
    : >"ca/$1.index"
}

sign() { # ca request certificate options...
    local ca=$1 request=$2 out=$3
    shift 3
    CA=$ca quiet openssl ca -batch -config ca/ca.cnf -name signer -cert "$ca.crt" -keyfile "ca/$ca.key" \
        -notext -in "$request" -out "$out" "$@"
}

issue() { # ca name common-name alternatives options...
    local ca=$1 name=$2 common=$3 names=$4
    shift 4
    [ -f "$name.key" ] || new_key "$name.key"
    local extension=()
    [ -z "$names" ] || extension=(-addext "subjectAltName=$names")
    quiet openssl req -new -key "$name.key" -subj "/CN=$common" "${extension[@]}" -out "ca/$name.csr"
    sign "$ca" "ca/$name.csr" "$name.crt" "$@"
    [ "$ca" != intermediate ] || cat intermediate.crt >>"$name.crt"
}

authority root "tusk test root"
authority stranger "tusk test stranger"
new_key ca/intermediate.key
quiet openssl req -new -key ca/intermediate.key -subj "/CN=tusk test intermediate" -out ca/intermediate.csr
sign root ca/intermediate.csr intermediate.crt -extensions authority
: >ca/intermediate.index

issue intermediate server localhost "$alternatives"
issue intermediate cn localhost ""
issue intermediate other other.example DNS:other.example,DNS:*.other.example
issue intermediate expired localhost "$alternatives" -startdate 20200101000000Z -enddate 20210101000000Z
issue intermediate revoked localhost "$alternatives"
issue intermediate sha512 localhost "$alternatives" -md sha512
issue stranger strange localhost "$alternatives"

quiet openssl req -x509 -newkey ed25519 -nodes -keyout ed25519.key -out ed25519.crt -days 3650 -subj /CN=localhost \
    -addext "subjectAltName=$alternatives"
quiet openssl req -x509 -newkey rsa:2048 -nodes -keyout pss.key -out pss.crt -days 3650 -subj /CN=localhost \
    -addext "subjectAltName=$alternatives" -sha384 -sigopt rsa_padding_mode:pss

issue intermediate client tusk_cert ""
cp client.key client-strange.key
issue stranger client-strange tusk_cert ""
quiet openssl pkcs8 -topk8 -in client.key -passout pass:sesame -out client-enc.key
quiet openssl pkcs8 -topk8 -in client.key -passout pass:sesame -outform DER -out client-enc.der
quiet openssl pkey -in client.key -outform DER -out client.der

CA=intermediate quiet openssl ca -config ca/ca.cnf -name signer -cert intermediate.crt -keyfile ca/intermediate.key \
    -revoke revoked.crt
for ca in root intermediate; do
    CA=$ca quiet openssl ca -gencrl -config ca/ca.cnf -name signer -cert $ca.crt -keyfile ca/$ca.key -out ca/$ca.crl
    cp ca/$ca.crl "crls/$(openssl crl -in ca/$ca.crl -noout -hash).r0"
done
cat ca/root.crl ca/intermediate.crl >root.crl
chmod 600 ./*.key ./*.der
rm -rf ca
