package dev.sluice.testkit.xds;

import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.grpc.GrpcClientCall;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.Status;
import java.util.List;
import java.util.Map;

/** A client's incremental stream; says nothing by itself. Owned by one thread. */
public final class DeltaSubscription {
    private final ClientStream<DeltaDiscoveryRequest, DeltaDiscoveryResponse> stream;
    private final Node node;
    private boolean introduced;

    DeltaSubscription(
            GrpcClientCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call, Node node) {
        this.stream = new ClientStream<>(call);
        this.node = node;
    }

    /** Asks for these resources too; for none in the first request of a type: everything. */
    public void subscribe(String typeUrl, String... names) {
        send(request(typeUrl).addAllResourceNamesSubscribe(List.of(names)).build());
    }

    /**
     * The first request after a reconnect.
     *
     * @param known version by name of what the client still has
     */
    public void resume(String typeUrl, Map<String, String> known, String... names) {
        send(
                request(typeUrl)
                        .putAllInitialResourceVersions(known)
                        .addAllResourceNamesSubscribe(List.of(names))
                        .build());
    }

    /** Wants these resources no more. */
    public void unsubscribe(String typeUrl, String... names) {
        send(request(typeUrl).addAllResourceNamesUnsubscribe(List.of(names)).build());
    }

    /** The next response of any type, waiting for it: for assertions about order. */
    public DeltaDiscoveryResponse awaitResponse() {
        return stream.responses().next();
    }

    /** The next response of the type, waiting for it; others stay for later. */
    public DeltaDiscoveryResponse awaitResponse(String typeUrl) {
        return stream.responses()
                .next("of " + typeUrl, response -> response.getTypeUrl().equals(typeUrl));
    }

    /** Responses as they came, for waits that this class has no word for. */
    public Mailbox<DeltaDiscoveryResponse> responses() {
        return stream.responses();
    }

    /** Accepts a response. */
    public void ack(DeltaDiscoveryResponse response) {
        send(request(response.getTypeUrl()).setResponseNonce(response.getNonce()).build());
    }

    /** Refuses a response. */
    public void nack(DeltaDiscoveryResponse response, String message) {
        send(
                request(response.getTypeUrl())
                        .setResponseNonce(response.getNonce())
                        .setErrorDetail(SotwSubscription.refusal(message))
                        .build());
    }

    /** Sends exactly this. */
    public void send(DeltaDiscoveryRequest request) {
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
    public Status awaitEnd() {
        return stream.awaitEnd();
    }

    private static DeltaDiscoveryRequest.Builder request(String typeUrl) {
        return DeltaDiscoveryRequest.newBuilder().setTypeUrl(typeUrl);
    }
}
