package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ExchangeRecord.GateOutcome;
import dev.sluice.proxy.observe.FaultMark;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Answer;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.H2Settings;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.H2Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Copies of requests for other clusters, which nobody waits for. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class MirrorIT {
    private static final Body LARGE = Body.of("0123456789abcdef".repeat(256 * 1024));

    private final H1Upstream app = H1Upstream.start(request -> H1Answer.ok("app"));
    private final H1Upstream shadow = H1Upstream.start(request -> H1Answer.ok("shadow"));

    @AfterEach
    void closeUpstreams() {
        app.close();
        shadow.close();
    }

    private static String mirroring(String policies) {
        return "- {match: {prefix: /}, route: {cluster: app, request_mirror_policies: [%s]}}\n"
                .formatted(policies);
    }

    private RunningProxy proxy(String routes) {
        return proxy(routes, Yaml.cluster("shadow", shadow.port()));
    }

    private RunningProxy proxy(String routes, String shadowCluster) {
        return RunningProxy.start(
                1, Yaml.bootstrap(routes, Yaml.cluster("app", app.port()), shadowCluster));
    }

    @Test
    void a_copy_goes_to_the_shadow_and_its_answer_to_nobody() throws Exception {
        try (RunningProxy proxy = proxy(mirroring("{cluster: shadow}"));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            H1Response answer =
                    client.exchange("POST", "/orders?x=1", Headers.of("x-a", "b"), Body.of("body"));
            H1Request original = app.next();
            H1Request copy = shadow.next();

            assertThat(answer.body().text()).as("answer to the client").isEqualTo("app");
            assertThat(proxy.nextMirror()).isEqualTo("shadow answered");
            assertThat(copy.target()).isEqualTo("/orders?x=1");
            assertThat(copy.body().text()).isEqualTo("body");
            assertThat(copy.headers().first("host"))
                    .as("host of the copy")
                    .hasValue(original.headers().first("host").orElseThrow() + "-shadow");
            assertThat(copy.headers().first("x-a")).hasValue("b");
            assertThat(copy.headers().first("x-request-id"))
                    .isEqualTo(original.headers().first("x-request-id"));
            assertThat(copy.headers().first("x-sluice-mirror")).as("tag").hasValue("1");
            assertThat(original.headers().has("x-sluice-mirror")).isFalse();
        }
    }

    @Test
    void the_most_special_level_that_says_something_counts() throws Exception {
        String routes =
                """
                - {match: {prefix: /own}, route: {cluster: app, request_mirror_policies: [{cluster: app, disable_shadow_host_suffix_append: true}]}}
                - {match: {prefix: /}, route: {cluster: app}}
                """;
        String bootstrap =
                Yaml.bootstrap(
                                routes,
                                Yaml.cluster("app", app.port()),
                                Yaml.cluster("shadow", shadow.port()))
                        .replaceFirst(
                                "( *)domains: \\[\"\\*\"\\]",
                                "$1domains: [\"*\"]\n$1request_mirror_policies:"
                                        + " [{cluster: shadow, host_rewrite_literal: other}]");
        try (RunningProxy proxy = RunningProxy.start(1, bootstrap)) {
            RawHttp1Client.get(proxy.port(), "/");
            String ofHost = proxy.nextMirror();
            RawHttp1Client.get(proxy.port(), "/own");
            String ofRoute = proxy.nextMirror();

            assertThat(List.of(ofHost, ofRoute)).containsExactly("shadow answered", "app answered");
            assertThat(shadow.next().headers().first("host")).hasValue("other");
            assertThat(app.received()).as("originals and one copy").hasSize(3);
            assertThat(app.received())
                    .extracting(request -> request.headers().first("host").orElseThrow())
                    .noneMatch(host -> host.contains("-shadow"));
        }
    }

    @Test
    void bodies_and_trailers_are_streamed_over_http2() {
        try (H2Upstream target = H2Upstream.start(request -> H2Answer.status(204));
                H2Upstream copies = H2Upstream.start(request -> H2Answer.ok("dropped"));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        mirroring("{cluster: shadow}"),
                                        Yaml.http2Cluster("app", target.port()),
                                        Yaml.http2Cluster("shadow", copies.port())));
                H2Client client = H2Client.connect(proxy.port())) {
            H2Stream stream = client.open();
            stream.send(H2Client.request("POST", "/"));
            stream.sendData("one ".getBytes(StandardCharsets.US_ASCII));
            stream.sendData("two".getBytes(StandardCharsets.US_ASCII));
            stream.sendLast(Headers.of("x-end", "1"));
            H2Message answer = stream.readMessage();
            H2Message copy = copies.next();

            assertThat(answer.status()).isEqualTo(204);
            assertThat(copy.body().text()).isEqualTo("one two");
            assertThat(copy.trailers().first("x-end")).hasValue("1");
            assertThat(proxy.nextMirror()).isEqualTo("shadow answered");
        }
    }

    @Test
    void a_shadow_that_takes_nothing_is_cut_and_the_request_never_waits() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        try (H2Upstream stuck =
                        H2Upstream.startAtHead(
                                H2Settings.STANDARD,
                                head ->
                                        stream -> {
                                            stream.holdWindow();
                                            stream.await(done);
                                        });
                RunningProxy proxy =
                        proxy(
                                mirroring("{cluster: shadow}"),
                                Yaml.http2Cluster("shadow", stuck.port()));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            H1Response answer = client.exchange("POST", "/", Headers.NONE, LARGE);
            String mirror = proxy.nextMirror();
            done.countDown();

            assertThat(answer.body().text()).isEqualTo("app");
            assertThat(app.next().body()).as("body of the original").isEqualTo(LARGE);
            assertThat(mirror).isEqualTo("shadow slow");
        }
    }

    @Test
    void a_shadow_that_is_not_there_is_counted_and_changes_nothing() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        String policies =
                "{cluster: shadow}, {cluster_header: x-copy},"
                        + " {cluster: shadow, runtime_fraction: {default_value: {numerator: 0}}}";
        try (RunningProxy proxy = proxy(mirroring(policies), Yaml.cluster("shadow", nobody))) {
            H1Response answer = RawHttp1Client.get(proxy.port(), "/", "x-copy", "unknown");
            List<String> mirrors = List.of(proxy.nextMirror(), proxy.nextMirror());

            assertThat(answer.body().text()).isEqualTo("app");
            assertThat(mirrors)
                    .as("copies, the share of nothing makes none")
                    .containsExactlyInAnyOrder(" no_cluster", "shadow failed");
        }
    }

    @Test
    void a_header_may_name_the_shadow() throws Exception {
        try (RunningProxy proxy = proxy(mirroring("{cluster_header: x-copy}"))) {
            RawHttp1Client.get(proxy.port(), "/", "x-copy", "shadow");

            assertThat(proxy.nextMirror()).isEqualTo("shadow answered");
        }
    }

    @Test
    void a_copy_of_a_request_that_breaks_off_is_cut_too() throws Exception {
        try (RunningProxy proxy = proxy(mirroring("{cluster: shadow}"))) {
            RawHttp1Client client = RawHttp1Client.connect(proxy.port());
            client.send("POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 10\r\n\r\nhalf");
            client.close();

            assertThat(proxy.nextMirror()).isEqualTo("shadow unfinished");
            assertThat(shadow.received()).as("whole requests at the shadow").isEmpty();
        }
    }

    @Test
    void a_shadow_that_does_not_answer_is_given_up() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        String route =
                """
                - match: {prefix: /}
                  route: {cluster: app, timeout: 0.1s, request_mirror_policies: [{cluster: shadow}]}
                """;
        try (H1Upstream silent = H1Upstream.start(request -> H1Answer.ok("late").after(done));
                RunningProxy proxy = proxy(route, Yaml.cluster("shadow", silent.port()))) {
            H1Response answer = RawHttp1Client.get(proxy.port(), "/");
            String mirror = proxy.nextMirror();
            done.countDown();

            assertThat(answer.body().text()).isEqualTo("app");
            assertThat(mirror).isEqualTo("shadow timeout");
        }
    }

    @Test
    void copies_are_no_evidence_where_their_tag_is_trusted_and_lose_it_elsewhere()
            throws Exception {
        String bootstrap =
                Yaml.bootstrap(
                        Yaml.gatedRoute(1_000_000, "READ", ""),
                        Yaml.cluster("old", app.port()),
                        Yaml.cluster("new", shadow.port()));
        try (RunningProxy trusting = RunningProxy.start(1, bootstrap);
                RunningProxy strict =
                        RunningProxy.start(
                                1,
                                bootstrap.replace(
                                        "carried_trust: ANY_PEER", "carried_trust: NOBODY"))) {
            RawHttp1Client.get(trusting.port(), "/", "x-user", "u", "x-sluice-mirror", "1");
            GateOutcome copied = trusting.nextRecord().gate().orElseThrow();
            H1Request passedOn = shadow.next();
            RawHttp1Client.get(strict.port(), "/", "x-user", "u", "x-sluice-mirror", "1");
            GateOutcome counted = strict.nextRecord().gate().orElseThrow();

            assertThat(copied.fault()).as("from a trusted peer").isEqualTo(FaultMark.EXCLUDED);
            assertThat(passedOn.headers().has("x-sluice-mirror")).isTrue();
            assertThat(counted.fault()).as("from anybody").isEqualTo(FaultMark.NONE);
            assertThat(shadow.next().headers().has("x-sluice-mirror")).isFalse();
        }
    }

    @Test
    void copies_are_shed_first_under_overload() throws Exception {
        String overload =
                """
                overload_manager:
                  refresh_interval: 0.005s
                  resource_monitors:
                    - name: heap
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig
                        max_heap_size_bytes: 1000
                  actions:
                    - name: envoy.overload_actions.disable_http_keepalive
                      triggers: [{name: heap, threshold: {value: 0.9}}]
                """;
        String bootstrap =
                Yaml.bootstrap(
                        mirroring("{cluster: shadow}"),
                        Yaml.cluster("app", app.port()),
                        Yaml.cluster("shadow", shadow.port()));
        try (RunningProxy proxy = RunningProxy.overloaded(() -> 1_000, overload + bootstrap)) {
            H1Response answer = RawHttp1Client.get(proxy.port(), "/");

            assertThat(answer.body().text()).isEqualTo("app");
            assertThat(proxy.nextMirror()).isEqualTo("shadow shed");
            assertThat(shadow.received()).as("copies").isEmpty();
        }
    }
}
