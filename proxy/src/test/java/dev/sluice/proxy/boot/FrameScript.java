package dev.sluice.proxy.boot;

import dev.sluice.testkit.tcp.TcpConnection;
import java.io.IOException;
import java.util.HexFormat;

/** The frames of an upstream of HTTP/2 that keeps to no rules. */
final class FrameScript {
    /** A head with the status 200 on the first stream of a client of Netty, 3, which goes on. */
    static final String HEAD = "00000101040000000388";

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final String SETTINGS_AND_ACK = "000000040000000000" + "000000040100000000";
    private static final int FRAME_HEADER = 9;
    private static final int HEADERS = 1;

    private FrameScript() {}

    /** Waits for the first request, and then sends these frames, written in hexadecimal. */
    static void answer(TcpConnection connection, String frames) throws IOException {
        connection.read(PREFACE.length());
        connection.send(HexFormat.of().parseHex(SETTINGS_AND_ACK));
        while (frame(connection) != HEADERS) {
            // What comes before a request says nothing here.
        }
        connection.send(HexFormat.of().parseHex(frames));
    }

    /** Reads one frame and returns its type. */
    private static int frame(TcpConnection connection) throws IOException {
        byte[] header = connection.read(FRAME_HEADER);
        int length = (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | (header[2] & 0xff);
        connection.read(length);
        return header[3];
    }
}
