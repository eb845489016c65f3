package dev.sluice.testkit.xds;

import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.grpc.GrpcClientCall;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A client's state-of-the-world stream. Keeps names, last accepted version and last nonce of each
 * type, as a real client does; says nothing by itself. Owned by one thread.
 */
public final class SotwSubscription {
    private final ClientStream<DiscoveryRequest, DiscoveryResponse> stream;
    private final Node node;
    private final Map<String, DiscoveryRequest> last = new HashMap<>();
    private boolean introduced;

    SotwSubscription(GrpcClientCall<DiscoveryRequest, DiscoveryResponse> call, Node node) {
        this.stream = new ClientStream<>(call);
        this.node = node;
    }

    /** Asks for exactly these resources of the type; for none: everything. */
    public void subscribe(String typeUrl, String... names) {
        send(
                last(typeUrl).toBuilder()
                        .clearErrorDetail()
                        .clearResourceNames()
                        .addAllResourceNames(List.of(names))
                        .build());
    }

    /** The next response of any type, waiting for it: for assertions about order. */
    public DiscoveryResponse awaitResponse() {
        return stream.responses().next();
    }

    /** The next response of the type, waiting for it; others stay for later. */
    public DiscoveryResponse awaitResponse(String typeUrl) {
        return stream.responses()
                .next("of " + typeUrl, response -> response.getTypeUrl().equals(typeUrl));
    }

    /** Responses as they came, for waits that this class has no word for. */
    public Mailbox<DiscoveryResponse> responses() {
        return stream.responses();
    }

    /** Accepts a response. */
    public void ack(DiscoveryResponse response) {
        send(
                last(response.getTypeUrl()).toBuilder()
                        .clearErrorDetail()
                        .setVersionInfo(response.getVersionInfo())
                        .setResponseNonce(response.getNonce())
                        .build());
    }

    /** Refuses a response: the version stays that of the last accepted one. */
    public void nack(DiscoveryResponse response, String message) {
        send(
                last(response.getTypeUrl()).toBuilder()
                        .setResponseNonce(response.getNonce())
                        .setErrorDetail(refusal(message))
                        .build());
    }

    /** Sends exactly this. */
    public void send(DiscoveryRequest request) {
        last.put(request.getTypeUrl(), request);
        stream.send(introduced ? request : request.toBuilder().setNode(node).build());
        introduced = true;
    }

    /** Says goodbye: no more requests follow. */
    public void end() {
        stream.end();
    }

    /** Breaks the stream off. */
    public void cancel() {
        stream.cancel();
    }

    /** The status with which the server ended the stream, waiting for it. */
    public io.grpc.Status awaitEnd() {
        return stream.awaitEnd();
    }

    static Status refusal(String message) {
        return Status.newBuilder().setCode(Code.INVALID_ARGUMENT_VALUE).setMessage(message).build();
    }

    private DiscoveryRequest last(String typeUrl) {
        return last.getOrDefault(
                typeUrl, DiscoveryRequest.newBuilder().setTypeUrl(typeUrl).build());
    }
}
