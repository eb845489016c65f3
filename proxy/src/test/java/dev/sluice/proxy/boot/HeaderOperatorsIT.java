package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Command operators in the headers that routes add. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class HeaderOperatorsIT {
    private static final String CHANGES =
            """
            request_headers_to_add:
              - {header: {key: x-told, value: "%REQ(X-USER)% by %PROTOCOL% from %DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT% to %UPSTREAM_CLUSTER%"}}
              - {header: {key: x-none, value: "%REQ(X-NOBODY)%"}}
              - {header: {key: x-kept, value: "%REQ(X-NOBODY)%"}, keep_empty_value: true}
              - {header: {key: x-arm, value: "%DYNAMIC_METADATA(sluice.gate:arm)%"}}
            response_headers_to_add:
              - {header: {key: x-seen, value: "%RESPONSE_CODE% %RESP(X-OWN)% %REQ(X-USER)% %REQ(X-ARM)% 100%% %RESPONSE_FLAGS%"}}
              - {header: {key: x-host, value: "%UPSTREAM_HOST%"}}
            """;

    private static H1Response ask(RunningProxy proxy, String target) throws Exception {
        try (RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            return client.exchange("GET", target, Headers.of("x-user", "anna"), Body.EMPTY);
        }
    }

    @Test
    void headers_say_what_the_exchange_knows() throws Exception {
        try (H1Upstream app = H1Upstream.start(request -> H1Answer.status(200, "x-own", "mine"));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        Yaml.gatedRoute(1_000_000, "READ", "") + CHANGES.indent(2),
                                        Yaml.cluster("old", app.port()),
                                        Yaml.cluster("new", app.port())))) {
            H1Response answer = ask(proxy, "/");

            Headers asked = app.next().headers();
            assertThat(asked.all("x-told"))
                    .containsExactly("anna by HTTP/1.1 from 127.0.0.1 to new");
            assertThat(asked.has("x-none")).as("an empty value").isFalse();
            assertThat(asked.all("x-kept")).as("a kept empty value").containsExactly("");
            assertThat(asked.all("x-arm")).containsExactly("NEW");
            assertThat(answer.headers().all("x-seen")).containsExactly("200 mine anna NEW 100% -");
            assertThat(answer.headers().all("x-host")).containsExactly("127.0.0.1:" + app.port());
        }
    }

    @Test
    void they_do_on_answers_of_the_proxy_itself() throws Exception {
        String routes =
                "- match: {path: /direct}\n  direct_response: {status: 418}\n"
                        + CHANGES.indent(2)
                        + "- match: {path: /lost}\n  route: {cluster: old}\n"
                        + CHANGES.indent(2);
        try (RunningProxy proxy =
                RunningProxy.start(1, Yaml.bootstrap(routes, Yaml.cluster("old")))) {
            H1Response direct = ask(proxy, "/direct");
            H1Response lost = ask(proxy, "/lost");

            assertThat(direct.headers().all("x-seen")).containsExactly("418  anna  100% -");
            assertThat(direct.headers().has("x-host")).as("a host").isFalse();
            assertThat(lost.headers().all("x-seen")).containsExactly("503  anna  100% UH");
        }
    }
}
