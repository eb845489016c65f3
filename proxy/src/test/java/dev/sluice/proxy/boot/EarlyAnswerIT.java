package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.RawHttp1Client;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An answer before the request's end is no client that went away. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class EarlyAnswerIT {
    private static final String UNFINISHED =
            "POST /x HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nab";

    private static void assertRecorded(RunningProxy proxy, int status, Set<ResponseFlag> flags) {
        ExchangeRecord record = proxy.nextRecord();
        assertThat(record.status()).as("status").isEqualTo(status);
        assertThat(record.flags()).as("flags").isEqualTo(flags);
    }

    private static void overHttp1(String bootstrap, int status, Set<ResponseFlag> flags)
            throws Exception {
        try (RunningProxy proxy = RunningProxy.start(1, bootstrap);
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send(UNFINISHED);

            assertThat(client.readResponse().status()).isEqualTo(status);
            assertRecorded(proxy, status, flags);
        }
    }

    private static void overHttp2(String bootstrap, int status, Set<ResponseFlag> flags) {
        try (RunningProxy proxy = RunningProxy.start(1, bootstrap);
                H2Client client = H2Client.connect(proxy.port())) {
            H2Stream stream = client.open("POST", "/x");

            assertThat(stream.readMessage().status()).isEqualTo(status);
            assertRecorded(proxy, status, flags);
        }
    }

    @Test
    void a_cluster_without_endpoints_refuses_whatever_is_still_to_come() throws Exception {
        String bootstrap = Yaml.bootstrap(Yaml.routeTo("app"), Yaml.cluster("app"));

        overHttp1(bootstrap, 503, Set.of(ResponseFlag.NO_HEALTHY_UPSTREAM));
        overHttp2(bootstrap, 503, Set.of(ResponseFlag.NO_HEALTHY_UPSTREAM));
    }

    @Test
    void a_direct_response_needs_no_body() throws Exception {
        String bootstrap =
                Yaml.bootstrap("- {match: {prefix: /}, direct_response: {status: 203}}\n");

        overHttp1(bootstrap, 203, Set.of());
        overHttp2(bootstrap, 203, Set.of());
    }

    @Test
    void an_upstream_may_answer_before_it_has_read_all() throws Exception {
        try (H1Upstream upstream = H1Upstream.startAtHead(request -> H1Answer.status(413))) {
            String bootstrap =
                    Yaml.bootstrap(Yaml.routeTo("app"), Yaml.cluster("app", upstream.port()));

            overHttp1(bootstrap, 413, Set.of());
            overHttp2(bootstrap, 413, Set.of());
        }
    }
}
