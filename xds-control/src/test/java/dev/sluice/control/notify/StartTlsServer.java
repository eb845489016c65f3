package dev.sluice.control.notify;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.tls.TestCertificates;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A mail server (RFC 5321) that asks for STARTTLS (RFC 3207) and takes everything. Thread-safe. */
final class StartTlsServer implements AutoCloseable {
    private final ServerSocket listening;
    private final SSLContext tls;
    private final Mailbox<String> inTheClear = new Mailbox<>("a command in the clear");
    private final Mailbox<String> overTls = new Mailbox<>("a command over TLS");

    StartTlsServer(TestCertificates.Issued identity) throws IOException, GeneralSecurityException {
        tls = context(identity);
        listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    String origin() {
        return "smtp://127.0.0.1:" + port();
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Verbs, in order. */
    Mailbox<String> inTheClear() {
        return inTheClear;
    }

    Mailbox<String> overTls() {
        return overTls;
    }

    private void serve() {
        while (!listening.isClosed()) {
            try (Socket plain = listening.accept()) {
                say(plain, "220 ready");
                if (converse(plain, inTheClear, "250-here\r\n250 STARTTLS")) {
                    try (SSLSocket secured =
                            (SSLSocket)
                                    tls.getSocketFactory().createSocket(plain, null, 0, false)) {
                        secured.setUseClientMode(false);
                        converse(secured, overTls, "250-here\r\n250 AUTH PLAIN");
                    }
                }
            } catch (IOException _) {
                // the caller left, as a test may have it
            }
        }
    }

    /** Whether it ended with STARTTLS. */
    private static boolean converse(Socket with, Mailbox<String> heard, String greeting)
            throws IOException {
        var lines = new BufferedReader(new InputStreamReader(with.getInputStream(), US_ASCII));
        for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
            String verb = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
            if (verb.equals("QUIT")) {
                say(with, "221 bye");
                return false;
            }
            heard.put(verb);
            switch (verb) {
                case "STARTTLS" -> {
                    say(with, "220 go on");
                    return true;
                }
                case "EHLO" -> say(with, greeting);
                case "AUTH" -> say(with, "235 welcome");
                case "DATA" -> {
                    say(with, "354 go on");
                    lines.lines().takeWhile(text -> !text.equals(".")).forEach(_ -> {});
                    say(with, "250 taken");
                }
                default -> say(with, "250 fine");
            }
        }
        return false;
    }

    private static void say(Socket to, String line) throws IOException {
        Writer out = new OutputStreamWriter(to.getOutputStream(), US_ASCII);
        out.write(line + "\r\n");
        out.flush();
    }

    private static SSLContext context(TestCertificates.Issued identity)
            throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
        keys.load(null, null);
        keys.setKeyEntry(
                "mail", identity.key(), new char[0], new Certificate[] {identity.certificate()});
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
