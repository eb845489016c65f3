package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.cluster.HostResolver;
import dev.sluice.proxy.cluster.HostResolver.Resolution;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.RawHttp1Client;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clusters whose endpoints have names, which are looked up again and again. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class NamedEndpointIT {
    private static final String HERE = "127.0.0.1";
    private static final String THERE = "127.0.0.2";

    /** Answers every lookup the same until it is told otherwise. Thread-safe. */
    private static final class Names implements HostResolver {
        private record Now(Resolution answer, CountDownLatch asked) {}

        private volatile Now now;

        Names(String... addresses) {
            now = new Now(found(addresses), new CountDownLatch(0));
        }

        @Override
        public void resolve(String host, Consumer<Resolution> answer) {
            Now told = now;
            answer.accept(
                    host.equals("app.test") ? told.answer() : new Resolution.Failed("no " + host));
            told.asked().countDown();
        }

        /** From now on, and waits until it is in force: it is asked again after that only. */
        void say(Resolution answer) {
            CountDownLatch twice = new CountDownLatch(2);
            now = new Now(answer, twice);
            Patience.await(twice, "two more lookups");
        }

        static Resolution found(String... addresses) {
            return new Resolution.Found(
                    List.of(addresses).stream().map(InetAddress::ofLiteral).toList());
        }
    }

    /** On all addresses of this machine. */
    private static RunningProxy endpoint() {
        return RunningProxy.start(
                1,
                Yaml.bootstrap(
                                "- {match: {prefix: /}, direct_response: {status: 200, body:"
                                        + " {inline_string: yes}}}\n")
                        .replaceFirst("address: 127.0.0.1", "address: 0.0.0.0"));
    }

    private static RunningProxy proxy(String type, Names names, RunningProxy endpoint) {
        ProxySettings settings = ProxySettings.defaults();
        return RunningProxy.start(
                new ProxySettings(
                        Integer.getInteger(RunningProxy.LOOPS, 1),
                        settings.transport(),
                        settings.tls(),
                        settings.clock(),
                        settings.ticker(),
                        settings.seed(),
                        names,
                        settings.drain(),
                        settings.overload(),
                        settings.runtime(),
                        settings.handed(),
                        settings.identity(),
                        settings.source(),
                        settings.tapRedact()),
                Yaml.bootstrap(
                        Yaml.routeTo("app"),
                        Yaml.cluster("app", endpoint.port())
                                        .replace("type: STATIC", "type: " + type)
                                        .replace("address: 127.0.0.1", "address: app.test")
                                + "  dns_refresh_rate: 0.02s\n"));
    }

    private static String asked(RunningProxy proxy) throws Exception {
        assertThat(RawHttp1Client.get(proxy.port(), "/").status()).as("status").isEqualTo(200);
        return proxy.nextRecord()
                .upstream()
                .orElseThrow()
                .host()
                .orElseThrow()
                .getAddress()
                .getHostAddress();
    }

    private static Map<String, Integer> asked(RunningProxy proxy, int times) throws Exception {
        Map<String, Integer> count = new HashMap<>();
        for (int i = 0; i < times; i++) {
            count.merge(asked(proxy), 1, Integer::sum);
        }
        return count;
    }

    @Test
    void each_address_of_a_name_is_an_endpoint_and_requests_follow_its_changes() throws Exception {
        Names names = new Names(HERE);
        try (RunningProxy endpoint = endpoint();
                RunningProxy proxy = proxy("STRICT_DNS", names, endpoint)) {
            assertThat(asked(proxy, 4)).as("before").isEqualTo(Map.of(HERE, 4));
            names.say(Names.found(HERE, THERE));
            assertThat(asked(proxy, 40).keySet()).as("both").containsExactlyInAnyOrder(HERE, THERE);
            names.say(Names.found(THERE));
            assertThat(asked(proxy, 4)).as("after").isEqualTo(Map.of(THERE, 4));
        }
    }

    @Test
    void one_address_of_a_logical_name_is_used_until_the_name_has_others() throws Exception {
        Names names = new Names(HERE);
        try (RunningProxy endpoint = endpoint();
                RunningProxy proxy = proxy("LOGICAL_DNS", names, endpoint)) {
            names.say(Names.found(THERE, HERE));
            assertThat(asked(proxy, 8)).as("with another").isEqualTo(Map.of(HERE, 8));
            names.say(Names.found(THERE));
            assertThat(asked(proxy, 8)).as("without").isEqualTo(Map.of(THERE, 8));
        }
    }

    @Test
    void a_name_that_cannot_be_looked_up_keeps_its_addresses() throws Exception {
        Names names = new Names(HERE);
        try (RunningProxy endpoint = endpoint();
                RunningProxy proxy = proxy("STRICT_DNS", names, endpoint)) {
            assertThat(asked(proxy)).as("before").isEqualTo(HERE);
            names.say(new Resolution.Failed("the name server is gone"));
            assertThat(asked(proxy)).as("after").isEqualTo(HERE);
        }
    }

    @Test
    void a_name_without_addresses_has_no_endpoint() throws Exception {
        Names names = new Names(HERE);
        try (RunningProxy endpoint = endpoint();
                RunningProxy proxy = proxy("STRICT_DNS", names, endpoint)) {
            assertThat(asked(proxy)).as("before").isEqualTo(HERE);
            names.say(Names.found());
            assertThat(RawHttp1Client.get(proxy.port(), "/").status()).as("status").isEqualTo(503);
        }
    }
}
