package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.proxy.admin.ProxyState;
import dev.sluice.proxy.listen.Listeners;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import java.net.ConnectException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Callers are asked to leave while the application still calls others: {@code inboundonly}. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class InboundDrainIT {
    private static String bootstrap(H1Upstream upstream) {
        return Yaml.sidecar(
                        Yaml.routeTo("app"),
                        Yaml.routeTo("app"),
                        Yaml.cluster("app", upstream.port()))
                .replace("- name: inbound\n", "- name: inbound\n      traffic_direction: INBOUND\n")
                .replace(
                        "- name: outbound\n",
                        "- name: outbound\n      traffic_direction: OUTBOUND\n");
    }

    private static List<String> listening(RunningProxy proxy) {
        return Patience.await(proxy.proxy().bound(), "the listeners").stream()
                .map(Listeners.Bound::name)
                .toList();
    }

    private static int get(RawHttp1Client client) throws Exception {
        return client.exchange("GET", "/", Headers.NONE, Body.EMPTY).status();
    }

    @Test
    void callers_leave_and_the_application_calls_on() throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("ok"));
                RunningProxy proxy = RunningProxy.start(1, bootstrap(upstream));
                H2Client caller = H2Client.connect(proxy.port("inbound"));
                RawHttp1Client application = RawHttp1Client.connect(proxy.port("outbound"))) {
            int inbound = proxy.port("inbound");
            assertThat(caller.get("/").status()).as("a caller before").isEqualTo(200);
            assertThat(get(application)).as("the application before").isEqualTo(200);

            proxy.proxy().drainInbound();

            assertThat(listening(proxy)).as("listeners").containsExactly("outbound");
            caller.connection().nextGoAway();
            caller.connection().awaitEnd();
            assertThatThrownBy(() -> RawHttp1Client.connect(inbound))
                    .as("a new caller")
                    .isInstanceOf(ConnectException.class);
            assertThat(get(application)).as("the application after").isEqualTo(200);
            assertThat(RawHttp1Client.get(proxy.port("outbound"), "/").status()).isEqualTo(200);
            assertThat(proxy.proxy().state()).as("state").isEqualTo(new ProxyState.Live());
        }
    }

    @Test
    void what_was_drained_stays_so_whatever_configuration_comes() {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("ok"));
                RunningProxy proxy = RunningProxy.start(1, bootstrap(upstream))) {
            String other =
                    bootstrap(upstream).replace("stat_prefix: inbound", "stat_prefix: others");
            proxy.proxy().drainInbound();
            proxy.swap(2, other);
            assertThat(listening(proxy)).as("after inbound ones").containsExactly("outbound");

            Patience.await(proxy.proxy().drain(), "the end of all connections");
            proxy.swap(3, bootstrap(upstream));
            assertThat(listening(proxy)).as("after all").isEmpty();
        }
    }
}
