//! Files that are there wholly or not at all.

use std::fmt::Display;
use std::fs::{File, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::error::CliError;

/// Writes a file with what `write` gives; a file of that name is replaced only by a complete one.
///
/// # Errors
/// [`CliError::Failed`] naming the file, when it cannot be written or `write` fails.
pub fn write_file<E: Display + From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), E>,
) -> Result<(), CliError> {
    // A device or a pipe cannot be replaced, only written to.
    let is_device = path.exists() && !path.is_file();
    let written = if is_device { through(path, write) } else { aside(path, write) };
    written.map_err(|error| CliError::Failed(format!("cannot write {}: {error}", path.display())))
}

fn through<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), E>,
) -> Result<(), E> {
    let mut out = BufWriter::new(File::options().write(true).open(path)?);
    write(&mut out)?;
    Ok(out.flush()?)
}

/// Writes under another name in the same folder, and renames when all of it is on the disk.
fn aside<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), E>,
) -> Result<(), E> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".writing-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Readable for others within the user's mask, as any file that a program writes.
        builder.permissions(Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
    {
        let mut out = BufWriter::new(&mut file);
        write(&mut out)?;
        out.flush()?;
    }
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io;

    use super::write_file;

    #[test]
    fn a_failure_leaves_the_old_file() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("out.csv");
        write_file(&path, |out| out.write_all(b"old")).expect("the folder takes files");
        let failed = write_file(&path, |out| {
            out.write_all(b"half")?;
            Err(io::Error::other("no more"))
        });
        let text = failed.expect_err("it was to fail").to_string();
        assert!(text.ends_with("out.csv: no more"), "{text}");
        assert_eq!(fs::read(&path).expect("the old file"), b"old");
        let left = fs::read_dir(folder.path()).expect("the folder").count();
        assert_eq!(left, 1, "nothing half written stays");
        write_file(&path, |out| out.write_all(b"new")).expect("the folder takes files");
        assert_eq!(fs::read(&path).expect("the new file"), b"new");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_device_is_a_failure() {
        let full = std::path::Path::new("/dev/full");
        assert!(write_file(full, |out| out.write_all(b"x")).is_err());
    }
}
