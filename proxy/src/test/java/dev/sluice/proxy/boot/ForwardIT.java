package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Answer;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.H2Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and answers through a whole proxy, in all four pairs of protocols. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class ForwardIT {
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void forwards_http1_to_http1(int loops) throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("hello"));
                RunningProxy proxy = h1(loops, upstream.port());
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            H1Response first = client.exchange("GET", "/a?b=c", Headers.NONE, Body.EMPTY);
            H1Response second = client.exchange("POST", "/p", Headers.NONE, Body.of("payload"));

            assertThat(first.status()).as("first status of %s", first).isEqualTo(200);
            assertThat(first.body().text()).as("first body").isEqualTo("hello");
            assertThat(second.body().text()).as("second body").isEqualTo("hello");
            H1Request got = upstream.next();
            assertThat(got.target()).as("target").isEqualTo("/a?b=c");
            assertThat(got.headers().first("x-request-id")).as("request id").isPresent();
            assertThat(upstream.next().body().text()).as("second request").isEqualTo("payload");
            assertThat(upstream.connections()).as("upstream connections").isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void forwards_http1_to_http2(int loops) throws Exception {
        try (H2Upstream upstream = H2Upstream.start(request -> H2Answer.ok("hello"));
                RunningProxy proxy = h2(loops, upstream.port());
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            H1Response first = client.exchange("GET", "/a?b=c", Headers.NONE, Body.EMPTY);
            H1Response second = client.exchange("POST", "/p", Headers.NONE, Body.of("payload"));

            assertThat(first.status()).as("first status of %s", first).isEqualTo(200);
            assertThat(first.body().text()).as("first body").isEqualTo("hello");
            assertThat(second.body().text()).as("second body").isEqualTo("hello");
            assertThat(upstream.next().path()).as("path").isEqualTo("/a?b=c");
            assertThat(upstream.next().body().text()).as("second request").isEqualTo("payload");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void forwards_http2_to_http1(int loops) {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("hello"));
                RunningProxy proxy = h1(loops, upstream.port());
                H2Client client = H2Client.connect(proxy.port())) {
            H2Message first = client.get("/a?b=c");
            H2Message second = client.post("/p", Body.of("payload"));

            assertThat(first.status()).as("first status of %s", first).isEqualTo(200);
            assertThat(first.body().text()).as("first body").isEqualTo("hello");
            assertThat(second.body().text()).as("second body").isEqualTo("hello");
            assertThat(upstream.next().target()).as("target").isEqualTo("/a?b=c");
            assertThat(upstream.next().body().text()).as("second request").isEqualTo("payload");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void forwards_http2_to_http2(int loops) {
        try (H2Upstream upstream = H2Upstream.start(request -> H2Answer.ok("hello"));
                RunningProxy proxy = h2(loops, upstream.port());
                H2Client client = H2Client.connect(proxy.port())) {
            H2Message first = client.get("/a?b=c");
            H2Message second = client.post("/p", Body.of("payload"));

            assertThat(first.status()).as("first status of %s", first).isEqualTo(200);
            assertThat(first.body().text()).as("first body").isEqualTo("hello");
            assertThat(second.body().text()).as("second body").isEqualTo("hello");
            assertThat(upstream.next().path()).as("path").isEqualTo("/a?b=c");
            assertThat(upstream.next().body().text()).as("second request").isEqualTo("payload");
        }
    }

    private static RunningProxy h1(int loops, int port) {
        return RunningProxy.start(
                loops, Yaml.bootstrap(Yaml.routeTo("app"), Yaml.cluster("app", port)));
    }

    private static RunningProxy h2(int loops, int port) {
        return RunningProxy.start(
                loops, Yaml.bootstrap(Yaml.routeTo("app"), Yaml.http2Cluster("app", port)));
    }
}
