package dev.sluice.testkit.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TcpUpstreamIT {
    private static TcpConnection connect(TcpUpstream upstream) throws IOException {
        return TcpConnection.connect(upstream.address());
    }

    @Test
    void exchanges_bytes_and_sees_the_end_of_the_other_side() throws IOException {
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection -> connection.send(connection.readToEnd()));
                TcpConnection client = connect(upstream)) {
            client.send(new byte[] {0, -1, 7});
            client.finish();

            assertThat(client.readToEnd()).containsExactly(0, -1, 7);
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void resets_and_ends_early() throws IOException {
        TcpScript script =
                connection -> {
                    connection.send("ab");
                    connection.read(1);
                    if (connection.number() == 1) {
                        connection.reset();
                    }
                };
        try (TcpUpstream upstream = TcpUpstream.start(script);
                TcpConnection reset = connect(upstream);
                TcpConnection ended = connect(upstream)) {
            assertThat(reset.read(2)).isEqualTo(new byte[] {'a', 'b'});
            reset.send("x");
            assertThatThrownBy(() -> reset.read(1)).isInstanceOf(SocketException.class);

            ended.send("x");
            assertThatThrownBy(() -> ended.read(3))
                    .isInstanceOf(EOFException.class)
                    .hasMessageContaining("after 2 bytes (expected: 3)");
        }
    }

    @Test
    void closing_ends_a_script_that_waits_and_is_no_failure() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        TcpUpstream upstream =
                TcpUpstream.start(connection -> {
                    connection.send("x");
                    connection.await(never);
                });
        try (TcpConnection client = connect(upstream)) {
            client.read(1);
            upstream.close();

            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void an_exception_in_a_script_fails_the_test_at_close() throws IOException {
        TcpUpstream upstream =
                TcpUpstream.start(connection -> {
                    throw new IllegalStateException("script is wrong");
                });
        try (TcpConnection client = connect(upstream)) {
            assertThat(client.readToEnd()).isEmpty();
        }

        assertThatThrownBy(upstream::close)
                .isInstanceOf(AssertionError.class)
                .cause()
                .hasMessage("script is wrong");
    }
}
