package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tcp.TcpUpstream;
import java.io.IOException;
import java.net.SocketException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Long streams of a gate that is killed, over real sockets. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class KilledStreamIT {
    private final CountDownLatch go = new CountDownLatch(1);

    /** Begins a stream that says its arm, and ends it when the test lets it. */
    private void stream(TcpConnection connection, String arm) {
        try {
            int matched = 0;
            while (matched < 4) {
                int next = connection.in().read();
                if (next < 0) {
                    return;
                }
                matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
            }
            connection.send(
                    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\n" + arm + "\r\n");
            connection.await(go);
            connection.send("3\r\nend\r\n0\r\n\r\n");
        } catch (IOException gone) {
            // the proxy gave the stream up, which is what the test is about
        }
    }

    @Test
    void a_stream_of_the_killed_arm_ends_after_the_drain_time_and_one_of_the_other_goes_on()
            throws Exception {
        try (TcpUpstream old = TcpUpstream.start(connection -> stream(connection, "old"));
                TcpUpstream fresh = TcpUpstream.start(connection -> stream(connection, "new"));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.withManager(
                                        "drain_timeout: 0.05s",
                                        Yaml.bootstrap(
                                                Yaml.gatedRoute(500_000, "STREAM", "")
                                                        .replace("timeout: 3s", "timeout: 0s"),
                                                Yaml.cluster("old", old.port()),
                                                Yaml.cluster("new", fresh.port()))))) {
            Map<String, RawHttp1Client> byArm = new HashMap<>();
            for (int key = 0; byArm.size() < 2; key++) {
                RawHttp1Client client = RawHttp1Client.connect(proxy.port());
                client.send("GET / HTTP/1.1\r\nhost: h\r\nx-user: u%d\r\n\r\n".formatted(key));
                client.readHead();
                RawHttp1Client before = byArm.put(client.readChunk().text(), client);
                if (before != null) {
                    before.close();
                }
            }

            assertThat(proxy.proxy().kill(new GateName("orders"), "a test"))
                    .isInstanceOf(GateTable.KillAnswer.Killed.class);

            try (RawHttp1Client killed = Objects.requireNonNull(byArm.get("new"));
                    RawHttp1Client other = Objects.requireNonNull(byArm.get("old"))) {
                assertThat(rest(killed)).as("the rest of the killed arm's stream").isEmpty();
                ExchangeRecord record = proxy.nextRecord();
                while (!record.details().startsWith("the gate was taken back")) {
                    record = proxy.nextRecord();
                }
                assertThat(record.flags()).contains(ResponseFlag.LOCAL_RESET);
                assertThat(record.gate().orElseThrow().result())
                        .isEqualTo(ExchangeRecord.Result.CANCELLED);

                go.countDown();
                assertThat(other.readChunk().text()).as("of the other arm").isEqualTo("end");
            }
        }
    }

    private static String rest(RawHttp1Client client) throws IOException {
        try {
            return client.readToClose().text();
        } catch (SocketException reset) {
            return "";
        }
    }
}
