package dev.sluice.testkit.xds;

import com.google.protobuf.Message;
import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.grpc.GrpcServerCall;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Status;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** One incremental stream that a client opened to a {@link ScriptedAds}. Thread-safe. */
public final class DeltaStream {
    private final AdsStream<DeltaDiscoveryRequest, DeltaDiscoveryResponse> stream;

    DeltaStream(GrpcServerCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call) {
        stream = new AdsStream<>(call);
    }

    /** A resource as it goes into {@link #send}. */
    public static Resource resource(String name, String version, Message content) {
        return Resource.newBuilder()
                .setName(name)
                .setVersion(version)
                .setResource(SotwStream.pack(content))
                .build();
    }

    /** {@code package.Service/Method} of this stream. */
    public String method() {
        return stream.method();
    }

    /** Requests as they came, for waits that this class has no word for. */
    public Mailbox<DeltaDiscoveryRequest> requests() {
        return stream.requests();
    }

    /** Takes the next request for the type, waiting for it. */
    public DeltaDiscoveryRequest awaitRequest(String typeUrl) {
        return stream.requests()
                .next("for " + typeUrl, request -> request.getTypeUrl().equals(typeUrl));
    }

    /** Takes the next request for the type that subscribes to all these names, and maybe more. */
    public DeltaDiscoveryRequest awaitSubscribe(String typeUrl, String... names) {
        return stream.requests()
                .next(
                        "that subscribes to " + typeUrl + " " + List.of(names),
                        request ->
                                request.getTypeUrl().equals(typeUrl)
                                        && request.getResourceNamesSubscribeList()
                                                .containsAll(List.of(names)));
    }

    /** Takes the next request for the type that unsubscribes from all these names. */
    public DeltaDiscoveryRequest awaitUnsubscribe(String typeUrl, String... names) {
        return stream.requests()
                .next(
                        "that unsubscribes from " + typeUrl + " " + List.of(names),
                        request ->
                                request.getTypeUrl().equals(typeUrl)
                                        && request.getResourceNamesUnsubscribeList()
                                                .containsAll(List.of(names)));
    }

    /**
     * Sends changed and removed resources.
     *
     * @return the nonce, by which the answer is awaited
     */
    public String send(String typeUrl, Collection<Resource> changed, Collection<String> removed) {
        String nonce = stream.nextNonce();
        send(
                DeltaDiscoveryResponse.newBuilder()
                        .setTypeUrl(typeUrl)
                        .setNonce(nonce)
                        .addAllResources(changed)
                        .addAllRemovedResources(removed)
                        .build());
        return nonce;
    }

    /** Sends changed resources only. */
    public String send(String typeUrl, Resource... changed) {
        return send(typeUrl, List.of(changed), List.of());
    }

    /** Sends exactly this. */
    public void send(DeltaDiscoveryResponse response) {
        stream.send(response);
    }

    /**
     * Waits for the acceptance of a nonce; a refusal is an {@link AssertionError} with its text.
     */
    public DeltaDiscoveryRequest awaitAck(String nonce) {
        DeltaDiscoveryRequest answer = answer(nonce);
        if (answer.hasErrorDetail()) {
            throw new AssertionError(
                    nonce + " was refused (expected: ACK): " + answer.getErrorDetail());
        }
        return answer;
    }

    /** Waits for the refusal of a nonce; an acceptance is an {@link AssertionError}. */
    public DeltaDiscoveryRequest awaitNack(String nonce) {
        DeltaDiscoveryRequest answer = answer(nonce);
        if (!answer.hasErrorDetail()) {
            throw new AssertionError(nonce + " was accepted (expected: NACK)");
        }
        return answer;
    }

    /** Ends the stream from this side. */
    public void end(Status status) {
        stream.end(status);
    }

    /** Waits until the client has ended the stream or its connection broke. */
    public void awaitEnd() {
        stream.awaitEnd();
    }

    void pump(Consumer<DeltaDiscoveryRequest> observer) {
        stream.pump(observer);
    }

    private DeltaDiscoveryRequest answer(String nonce) {
        return stream.requests()
                .next("about " + nonce, request -> request.getResponseNonce().equals(nonce));
    }
}
