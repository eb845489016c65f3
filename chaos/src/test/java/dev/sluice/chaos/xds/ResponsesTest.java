package dev.sluice.chaos.xds;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of responses, and what counts as a witness of it. */
class ResponsesTest {
    private final Responses responses = new Responses();

    @Test
    void what_is_old_is_the_first_response_that_had_resources() {
        XdsLease stale = lease(new XdsFault.Stale());
        byte[] empty = response("");
        byte[] first = response("one");
        byte[] second = response("two");

        assertThat(next(empty, stale)).containsExactly(empty);
        assertThat(next(first, stale)).as("nothing is older").containsExactly(first);
        assertThat(stale.injected()).isZero();

        assertThat(next(second, stale)).containsExactly(second, first);
        assertThat(next(empty, stale)).containsExactly(empty, first);
        assertThat(stale.injected()).isEqualTo(2);
    }

    @Test
    void receipts_of_reports_are_no_responses() {
        byte[] receipt = "a receipt".getBytes(StandardCharsets.UTF_8);
        for (XdsFault fault :
                List.of(new XdsFault.Duplicate(), new XdsFault.Stale(), new XdsFault.Reorder())) {
            XdsLease lease = lease(fault);

            for (int i = 0; i < 3; i++) {
                assertThat(responses.next(receipt, XdsMessages.OTHER, List.of(lease)))
                        .as("%s", fault)
                        .containsExactly(receipt);
            }

            assertThat(lease.matched()).as("%s", fault).isZero();
        }
    }

    private List<byte[]> next(byte[] response, XdsLease lease) {
        return responses.next(response, XdsMessages.DELTA, List.of(lease));
    }

    private static XdsLease lease(XdsFault fault) {
        return new XdsLease("faults/x", fault, Set.of());
    }

    private static byte[] response(String resource) {
        DeltaDiscoveryResponse.Builder response =
                DeltaDiscoveryResponse.newBuilder().setTypeUrl("a type");
        if (!resource.isEmpty()) {
            response.addResources(Resource.newBuilder().setName(resource));
        }
        return response.build().toByteArray();
    }
}
