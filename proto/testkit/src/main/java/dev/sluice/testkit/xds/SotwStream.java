package dev.sluice.testkit.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.grpc.GrpcServerCall;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Status;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** One state-of-the-world stream that a client opened to a {@link ScriptedAds}. Thread-safe. */
public final class SotwStream {
    private final AdsStream<DiscoveryRequest, DiscoveryResponse> stream;

    SotwStream(GrpcServerCall<DiscoveryRequest, DiscoveryResponse> call) {
        stream = new AdsStream<>(call);
    }

    /** Requests as they came, for waits that this class has no word for. */
    public Mailbox<DiscoveryRequest> requests() {
        return stream.requests();
    }

    /** Takes the next request for the type, waiting for it. */
    public DiscoveryRequest awaitRequest(String typeUrl) {
        return stream.requests()
                .next("for " + typeUrl, request -> request.getTypeUrl().equals(typeUrl));
    }

    /** Takes the next request for the type that names exactly these resources. */
    public DiscoveryRequest awaitRequest(String typeUrl, String... names) {
        return stream.requests()
                .next(
                        "for " + typeUrl + " " + List.of(names),
                        request ->
                                request.getTypeUrl().equals(typeUrl)
                                        && Set.copyOf(request.getResourceNamesList())
                                                .equals(Set.of(names)));
    }

    /**
     * Sends all resources of a type.
     *
     * @return the nonce, by which the answer is awaited
     */
    public String send(String typeUrl, String version, Collection<? extends Message> resources) {
        String nonce = stream.nextNonce();
        send(
                DiscoveryResponse.newBuilder()
                        .setTypeUrl(typeUrl)
                        .setVersionInfo(version)
                        .setNonce(nonce)
                        .addAllResources(resources.stream().map(SotwStream::pack).toList())
                        .build());
        return nonce;
    }

    /** Sends exactly this. */
    public void send(DiscoveryResponse response) {
        stream.send(response);
    }

    /**
     * Waits for the acceptance of a nonce; a refusal is an {@link AssertionError} with its text.
     */
    public DiscoveryRequest awaitAck(String nonce) {
        DiscoveryRequest answer = answer(nonce);
        if (answer.hasErrorDetail()) {
            throw new AssertionError(
                    nonce + " was refused (expected: ACK): " + answer.getErrorDetail());
        }
        return answer;
    }

    /** Waits for the refusal of a nonce; an acceptance is an {@link AssertionError}. */
    public DiscoveryRequest awaitNack(String nonce) {
        DiscoveryRequest answer = answer(nonce);
        if (!answer.hasErrorDetail()) {
            throw new AssertionError(
                    nonce + " was accepted (expected: NACK), version " + answer.getVersionInfo());
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

    void pump(Consumer<DiscoveryRequest> observer) {
        stream.pump(observer);
    }

    static Any pack(Message resource) {
        return resource instanceof Any packed ? packed : Any.pack(resource);
    }

    private DiscoveryRequest answer(String nonce) {
        return stream.requests()
                .next("about " + nonce, request -> request.getResponseNonce().equals(nonce));
    }
}
