package dev.sluice.chaos.toxiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tcp.TcpUpstream;
import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A seed repeats which connections are bitten. */
@ExtendWith(LeakCheck.class)
class SeedIT {
    @Test
    void the_same_seed_bites_the_same_connections() throws IOException {
        String first = pattern(42, 0.5f);
        assertThat(first).contains("x").contains(".");
        assertThat(pattern(42, 0.5f)).isEqualTo(first);
        assertThat(pattern(43, 0.5f)).isNotEqualTo(first);
    }

    @Test
    void a_higher_toxicity_only_bites_more() throws IOException {
        String few = pattern(42, 0.3f);
        String many = pattern(42, 0.7f);
        for (int i = 0; i < few.length(); i++) {
            if (few.charAt(i) == 'x') {
                assertThat(many.charAt(i)).as("connection %d of %s", i + 1, many).isEqualTo('x');
            }
        }
    }

    /** One letter for each of 32 connections: {@code x} for one that was bitten. */
    private static String pattern(long seed, float toxicity) throws IOException {
        StringBuilder pattern = new StringBuilder();
        try (TcpUpstream echo = TcpUpstream.start(WireContract::echo);
                EmbeddedSubject subject = EmbeddedSubject.start(seed)) {
            var client = new ToxiproxyClient("127.0.0.1", subject.api().getPort());
            Proxy proxy = client.createProxy("p", "127.0.0.1:0", "127.0.0.1:" + echo.port());
            proxy.toxics().limitData("t", ToxicDirection.DOWNSTREAM, 0).setToxicity(toxicity);
            String listen = proxy.getListen();
            int port = Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
            for (int i = 0; i < 32; i++) {
                try (TcpConnection connection =
                        TcpConnection.connect(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
                    WireContract.sends(connection, "a");
                    pattern.append(connection.in().read() < 0 ? 'x' : '.');
                }
            }
        }
        return pattern.toString();
    }
}
