package dev.sluice.chaos.xds;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.util.Optional;

/** What a fault must know of the messages of a method. */
enum XdsMessages {
    /** State of the world. */
    SOTW {
        @Override
        String nodeOf(byte[] request) throws InvalidProtocolBufferException {
            return DiscoveryRequest.parseFrom(request).getNode().getId();
        }

        @Override
        String typeOf(byte[] response) throws InvalidProtocolBufferException {
            return DiscoveryResponse.parseFrom(response).getTypeUrl();
        }

        @Override
        int resourcesOf(byte[] response) throws InvalidProtocolBufferException {
            return DiscoveryResponse.parseFrom(response).getResourcesCount();
        }

        @Override
        Optional<byte[]> brokenOf(byte[] response) throws InvalidProtocolBufferException {
            DiscoveryResponse.Builder answer = DiscoveryResponse.parseFrom(response).toBuilder();
            for (int i = 0; i < answer.getResourcesCount(); i++) {
                answer.setResources(i, nonsense(answer.getResources(i)));
            }
            return answer.getResourcesCount() == 0
                    ? Optional.empty()
                    : Optional.of(answer.build().toByteArray());
        }
    },
    /** Incremental; gates come so too. */
    DELTA {
        @Override
        String nodeOf(byte[] request) throws InvalidProtocolBufferException {
            return DeltaDiscoveryRequest.parseFrom(request).getNode().getId();
        }

        @Override
        String typeOf(byte[] response) throws InvalidProtocolBufferException {
            return DeltaDiscoveryResponse.parseFrom(response).getTypeUrl();
        }

        @Override
        int resourcesOf(byte[] response) throws InvalidProtocolBufferException {
            return DeltaDiscoveryResponse.parseFrom(response).getResourcesCount();
        }

        @Override
        Optional<byte[]> brokenOf(byte[] response) throws InvalidProtocolBufferException {
            DeltaDiscoveryResponse.Builder answer =
                    DeltaDiscoveryResponse.parseFrom(response).toBuilder();
            for (int i = 0; i < answer.getResourcesCount(); i++) {
                Resource resource = answer.getResources(i);
                answer.setResources(
                        i,
                        resource.toBuilder().setResource(nonsense(resource.getResource())).build());
            }
            return answer.getResourcesCount() == 0
                    ? Optional.empty()
                    : Optional.of(answer.build().toByteArray());
        }
    },
    /** Another method, such as reports: passed on as it is. */
    OTHER {
        @Override
        String nodeOf(byte[] request) {
            return "";
        }

        @Override
        String typeOf(byte[] response) {
            return "";
        }

        @Override
        int resourcesOf(byte[] response) {
            return 0;
        }

        @Override
        Optional<byte[]> brokenOf(byte[] response) {
            return Optional.empty();
        }
    };

    /** A length-delimited field that is longer than the message. */
    private static final ByteString NONSENSE = ByteString.copyFrom(new byte[] {0x0a, 0x7f, 0x01});

    static XdsMessages of(String method) {
        String name = method.substring(method.indexOf('/') + 1);
        if (name.startsWith("Delta")) {
            return DELTA;
        }
        return name.startsWith("Stream") && method.startsWith("envoy.") ? SOTW : OTHER;
    }

    abstract String nodeOf(byte[] request) throws InvalidProtocolBufferException;

    abstract String typeOf(byte[] response) throws InvalidProtocolBufferException;

    abstract int resourcesOf(byte[] response) throws InvalidProtocolBufferException;

    abstract Optional<byte[]> brokenOf(byte[] response) throws InvalidProtocolBufferException;

    /** Id of the node that sends a request; empty when the request does not say. */
    String node(byte[] request) {
        try {
            return nodeOf(request);
        } catch (InvalidProtocolBufferException malformed) {
            return "";
        }
    }

    /** Type of a response's resources; empty when it does not say. */
    String type(byte[] response) {
        try {
            return typeOf(response);
        } catch (InvalidProtocolBufferException malformed) {
            return "";
        }
    }

    /** Whether a response says what a resource is; one that only removes some does not. */
    boolean hasResources(byte[] response) {
        try {
            return resourcesOf(response) > 0;
        } catch (InvalidProtocolBufferException malformed) {
            return false;
        }
    }

    /** The response with resources that can't be read; empty when it has none. */
    Optional<byte[]> broken(byte[] response) {
        try {
            return brokenOf(response);
        } catch (InvalidProtocolBufferException malformed) {
            return Optional.empty();
        }
    }

    private static Any nonsense(Any resource) {
        return resource.toBuilder().setValue(NONSENSE).build();
    }
}
