package dev.sluice.proxy.boot;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An upstream of HTTP/1.1 that remembers nothing, so that it serves for any time. A request says by
 * {@code x-size} how long its answer is, and by {@code x-fault} what goes wrong. Thread-safe.
 */
final class SoakUpstream implements AutoCloseable {
    private static final int BACKLOG = 256;
    private static final byte[] ROOM = new byte[64 * 1024];

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** What goes wrong with an answer. */
    enum Fault {
        NONE,
        ERROR,
        CLOSED_BEFORE_THE_HEAD,
        RESET_BEFORE_THE_HEAD,
        CUT_WITHIN_THE_BODY,
        RESET_WITHIN_THE_BODY,
        MALFORMED,
        SILENCE
    }

    /** A request, as far as it matters here. */
    private record Asked(Fault fault, int size, int body) {}

    SoakUpstream() {
        try {
            server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        threads.execute(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            String head = head(in);
            while (!head.isEmpty()) {
                Asked asked = asked(head);
                in.skipNBytes(asked.body());
                if (!answer(asked, socket, in)) {
                    return;
                }
                head = head(in);
            }
        } catch (IOException broken) {
            // the proxy has left, as it does when its client has
        }
    }

    /** Up to the empty line; empty when the connection has ended. */
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        return head.toString().toLowerCase(Locale.ROOT);
    }

    private static Asked asked(String head) {
        return new Asked(
                Fault.valueOf(field(head, "x-fault", "none").toUpperCase(Locale.ROOT)),
                Integer.parseInt(field(head, "x-size", "0")),
                Integer.parseInt(field(head, "content-length", "0")));
    }

    private static String field(String head, String name, String absent) {
        int at = head.indexOf("\r\n" + name + ": ");
        if (at < 0) {
            return absent;
        }
        int from = at + name.length() + 4;
        return head.substring(from, head.indexOf("\r\n", from)).strip();
    }

    /** False: the connection is not used any more. */
    private static boolean answer(Asked asked, Socket socket, InputStream in) throws IOException {
        OutputStream out = socket.getOutputStream();
        switch (asked.fault()) {
            case NONE -> send(out, 200, asked.size(), asked.size());
            case ERROR -> send(out, 503, 0, 0);
            case CLOSED_BEFORE_THE_HEAD -> {}
            case RESET_BEFORE_THE_HEAD -> socket.setSoLinger(true, 0);
            case CUT_WITHIN_THE_BODY -> send(out, 200, asked.size() + 10, asked.size());
            case RESET_WITHIN_THE_BODY -> {
                send(out, 200, asked.size() + 10, asked.size());
                socket.setSoLinger(true, 0);
            }
            case MALFORMED -> out.write("BANANA\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            case SILENCE -> {
                int unused = in.read(); // until the proxy gives up
            }
        }
        return asked.fault() == Fault.NONE || asked.fault() == Fault.ERROR;
    }

    private static void send(OutputStream out, int status, int promised, int sent)
            throws IOException {
        String head = "HTTP/1.1 " + status + " x\r\ncontent-length: " + promised + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(ROOM, 0, sent);
        out.flush();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        threads.shutdownNow();
    }
}
