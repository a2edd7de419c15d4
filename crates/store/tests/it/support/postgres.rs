//! A PostgreSQL server for tests: the one that is told, the one that runs, or one of our own.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use sea_orm::ConnectOptions;
use tokio::sync::OnceCell;

/// Names a server whose user may create databases.
const VARIABLE: &str = "PLIMSOLL_TEST_POSTGRES_URL";

/// Where a server usually runs that asks no password.
const USUAL: &str = "postgres://postgres@127.0.0.1:5432/postgres";

static SERVER: OnceCell<String> = OnceCell::const_new();

/// The URL of a database of a server where databases can be created.
pub(crate) async fn server() -> String {
    SERVER.get_or_init(find).await.clone()
}

/// The same server, another database.
pub(crate) fn with_database(server: &str, name: &str) -> String {
    let (path, query) = server.split_once('?').map_or((server, ""), |(path, query)| (path, query));
    let (host, _) = path.rsplit_once('/').expect("a URL with a database");
    if query.is_empty() { format!("{host}/{name}") } else { format!("{host}/{name}?{query}") }
}

async fn find() -> String {
    if let Ok(told) = env::var(VARIABLE) {
        return told;
    }
    let mut options = ConnectOptions::new(USUAL);
    options.connect_timeout(Duration::from_secs(3)).acquire_timeout(Duration::from_secs(3));
    if let Ok(db) = sea_orm::Database::connect(options).await {
        db.close().await.unwrap();
        return USUAL.to_owned();
    }
    own()
}

/// Starts a server that lives as long as this process: a shell stops and deletes it when the pipe
/// from here to it closes, however this process ends.
fn own() -> String {
    let programs = programs().unwrap_or_else(|| {
        panic!(
            "the tests need PostgreSQL: install it (Debian: postgresql), or name a server whose \
             user may create databases in {VARIABLE}"
        )
    });
    let folder = tempfile::tempdir().unwrap().keep();
    let data = folder.join("data");
    let initdb = format!("{} -D {} -U postgres -A trust", quoted(&programs, "initdb"), show(&data));
    // In a socket of its own, so that no port is in the way; and quick, because it is thrown away.
    let options = format!("-k {} -h '' -c fsync=off", folder.display());
    let pg_ctl = format!("{} -D {}", quoted(&programs, "pg_ctl"), show(&data));
    let start = format!("{pg_ctl} -w -l {} -o \"{options}\" start", show(&folder.join("log")));
    let script = format!(
        "{{ {initdb} && {start}; }} >/dev/null 2>&1 && echo up || echo failed
         exec >&- 2>&-
         read -r forever
         {pg_ctl} -m immediate stop
         rm -rf {}",
        show(&folder)
    );
    let mut shell = as_other_user(&folder, &script);
    let mut child = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let said = child.stdout.take().unwrap();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(said), &mut line).unwrap();
    assert_eq!(line.trim(), "up", "PostgreSQL did not start in {}", folder.display());
    // Kept open until this process ends, however it ends.
    std::mem::forget(child);
    let socket = folder.display().to_string().replace('/', "%2F");
    format!("postgres://postgres@{socket}/postgres")
}

/// The server refuses to run as root; `nobody` may then have the folder.
fn as_other_user(folder: &Path, script: &str) -> Command {
    let id = Command::new("id").arg("-u").output().unwrap();
    if id.stdout.trim_ascii() != b"0" {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(script);
        return shell;
    }
    let owned = Command::new("chown").arg("nobody").arg(folder).status().unwrap();
    assert!(owned.success(), "chown nobody failed");
    let mut shell = Command::new("setpriv");
    shell.args(["--reuid=nobody", "--clear-groups", "sh", "-c", script]).current_dir(folder);
    shell
}

/// The folder of the server's programs.
fn programs() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<PathBuf> = debian.map(|entry| entry.path().join("bin")).collect();
    debian.sort();
    let folders = debian.into_iter().rev().chain(env::split_paths(&path));
    folders.into_iter().find(|folder| folder.join("initdb").exists())
}

fn quoted(folder: &Path, program: &str) -> String {
    show(&folder.join(program))
}

fn show(path: &Path) -> String {
    format!("'{}'", path.display())
}
