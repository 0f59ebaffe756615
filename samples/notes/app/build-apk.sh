#!/bin/sh
# Builds a genuine APK without code: a binary manifest and assets/virtual-app.json. The same input gives the same bytes.
# Needs the Debian packages aapt and android-framework-res. The APKs are committed, so only a change of the app needs this.
#   build-apk.sh OUT.apk [VERSION_NAME VERSION_CODE]
#   build-apk.sh --all          rebuilds everything in ../workspace/apps
set -eu
here=$(cd "$(dirname "$0")" && pwd)

build() {
  out=$1 name=$2 code=$3
  tmp=$(mktemp -d)
  cp -r "$here/AndroidManifest.xml" "$here/assets" "$tmp"
  sed -i "s/versionName=\"[^\"]*\"/versionName=\"$name\"/; s/versionCode=\"[^\"]*\"/versionCode=\"$code\"/" "$tmp/AndroidManifest.xml"
  sed -i "s/1\.0\.0/$name/g" "$tmp/assets/virtual-app.json"
  find "$tmp" -exec touch -d '2020-01-01T00:00:00Z' {} +
  framework=$(dpkg -L android-framework-res | grep 'framework-res.apk$')
  mkdir -p "$(dirname "$out")"
  TZ=UTC aapt package -f -M "$tmp/AndroidManifest.xml" -A "$tmp/assets" -I "$framework" -F "$out"
  rm -r "$tmp"
}

if [ "${1:-}" = --all ]; then
  apps=$here/../workspace/apps/qualgent
  build "$apps/notes-1.0.0.apk" 1.0.0 1
  build "$apps/notes-1.1.0.apk" 1.1.0 2
  cp "$apps/notes-1.0.0.apk" "$apps/xyz123.apk"
  printf 'This is no APK, on purpose: no device can install it.\n' > "$apps/broken.apk"
else
  build "$1" "${2:-1.0.0}" "${3:-1}"
fi
