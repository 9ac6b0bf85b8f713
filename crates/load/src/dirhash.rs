//! The hashes in go.sum: of a list of files, each line the file's SHA-256 and name, the SHA-256 in base 64.

use sha2::{Digest, Sha256};

/// What go.sum says of a go.mod file with this text.
pub fn of_mod_file(text: &[u8]) -> String {
    let hex: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("h1:{}", base64(&Sha256::digest(format!("{hex}  go.mod\n"))))
}

fn base64(bytes: &[u8]) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let groups = bytes.chunks(3).map(|chunk| {
        let bits = chunk.iter().chain([&0, &0]).take(3).fold(0u32, |bits, &byte| bits << 8 | u32::from(byte));
        let digit = |index: usize| {
            if index > chunk.len() { '=' } else { alphabet[(bits >> (18 - 6 * index)) as usize & 63] as char }
        };
        (0..4).map(digit).collect::<String>()
    });
    groups.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_known_file() {
        // As `go mod download` wrote it for golang.org/x/xerrors v0.0.0-20190717185122-a985d3407aa7.
        assert_eq!(
            of_mod_file(b"module golang.org/x/xerrors\n\ngo 1.11\n"),
            "h1:I/5z698sn9Ka8TeJc9MKroUUfqBBauWjQqLJ2OPfmY0="
        );
        assert_eq!(base64(b"ab"), "YWI=");
    }
}
