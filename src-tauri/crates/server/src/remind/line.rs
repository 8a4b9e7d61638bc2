//! The connection to a mail server, which knows whether the end of a mail has left: only before that is it sure that a server
//! that fell silent has not taken it.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

/// How long a server that has gone may take to tell so, before the end of a mail leaves.
const LISTEN: Duration = Duration::from_millis(150);

/// What the connection and whoever uses it tell each other.
#[derive(Clone, Debug, Default)]
pub struct End {
    /// What is written next is the end of a mail.
    next: Arc<AtomicBool>,
    /// It was handed to the network.
    left: Arc<AtomicBool>,
}

impl End {
    /// What is written from now on is the end of a mail.
    pub fn is_next(&self) {
        self.next.store(true, Ordering::SeqCst);
    }

    /// Another mail begins.
    pub fn forget(&self) {
        self.next.store(false, Ordering::SeqCst);
        self.left.store(false, Ordering::SeqCst);
    }

    /// The end of the mail may have reached the server.
    pub fn has_left(&self) -> bool {
        self.left.load(Ordering::SeqCst)
    }
}

/// A connection that listens before the end of a mail leaves.
pub struct Line {
    stream: TcpStream,
    end: End,
    listening: Option<Pin<Box<Sleep>>>,
}

impl Line {
    /// Over a stream.
    pub fn new(stream: TcpStream, end: End) -> Self {
        Self {
            stream,
            end,
            listening: None,
        }
    }

    /// Waits a moment and looks whether the server has gone.
    fn listen(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.end.next.load(Ordering::SeqCst) || self.end.has_left() {
            self.listening = None;
            return Poll::Ready(Ok(()));
        }
        let listening = self
            .listening
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(Instant::now() + LISTEN)));
        ready!(listening.as_mut().poll(cx));
        let mut byte = [0];
        let mut seen = ReadBuf::new(&mut byte);
        match self.stream.poll_peek(cx, &mut seen) {
            Poll::Ready(Ok(0)) => return Poll::Ready(Err(gone())),
            Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
            Poll::Ready(Ok(_)) | Poll::Pending => {}
        }
        self.end.left.store(true, Ordering::SeqCst);
        Poll::Ready(Ok(()))
    }
}

fn gone() -> io::Error {
    io::Error::new(
        io::ErrorKind::ConnectionAborted,
        "the server ended the connection",
    )
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.listen(cx))?;
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stream.fmt(out)
    }
}

impl AsyncTokioStream for Line {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.peer_addr()
    }
}
