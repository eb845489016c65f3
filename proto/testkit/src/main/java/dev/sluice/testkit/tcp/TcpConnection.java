package dev.sluice.testkit.tcp;

import dev.sluice.testkit.Patience;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/**
 * One connection at the level of bytes. A client's reads are bounded by {@link Patience#LIMIT} and
 * then throw {@link java.net.SocketTimeoutException}; a server's end with its upstream. Owned by
 * one thread, except {@link #close} and {@link #reset}, which any thread may call.
 */
public final class TcpConnection implements AutoCloseable {
    private final int number;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private TcpConnection(int number, Socket socket) throws IOException {
        this.number = number;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** A client's connection to a loopback port. */
    public static TcpConnection connect(InetSocketAddress address) throws IOException {
        return connect(address, 0);
    }

    /**
     * A client's connection with a small window, for tests that show back-pressure.
     *
     * @param receiveBuffer bytes the kernel takes before the peer must wait; 0 for its default
     */
    public static TcpConnection connect(InetSocketAddress address, int receiveBuffer)
            throws IOException {
        Socket socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(address, Math.toIntExact(Patience.LIMIT.toMillis()));
        socket.setSoTimeout(Math.toIntExact(Patience.LIMIT.toMillis()));
        return of(1, socket);
    }

    static TcpConnection of(int number, Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        return new TcpConnection(number, socket);
    }

    /** 1 for the first connection that the upstream accepted, and so on. */
    public int number() {
        return number;
    }

    /** The other end. */
    public InetSocketAddress peer() {
        return (InetSocketAddress) socket.getRemoteSocketAddress();
    }

    /** This end. */
    public InetSocketAddress local() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** What arrives, buffered; the end of the stream is the peer's FIN. */
    public InputStream in() {
        return in;
    }

    /** Exactly {@code count} bytes. */
    public byte[] read(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException(
                    "peer ended after " + bytes.length + " bytes (expected: " + count + ")");
        }
        return bytes;
    }

    /** Everything up to the peer's FIN. */
    public byte[] readToEnd() throws IOException {
        return in.readAllBytes();
    }

    /** Sends at once, no byte added. Blocks while the peer's window is full. */
    public void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Sends {@code text} as ISO-8859-1, no byte added. */
    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Waits for the test to let the script go on. */
    public void await(CountDownLatch latch) {
        Patience.await(latch, "the test to let connection " + number + " go on");
    }

    /** Sends FIN and keeps reading. */
    public void finish() throws IOException {
        socket.shutdownOutput();
    }

    /** Sends RST: what was not delivered is lost. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Whether this end has closed or reset the connection. */
    public boolean isClosed() {
        return socket.isClosed();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
