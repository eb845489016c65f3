package dev.sluice.control.replica;

import com.google.protobuf.Timestamp;
import dev.sluice.contract.GateName;
import dev.sluice.control.admin.access.OnBehalf;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event.GatesRevised;
import dev.sluice.control.change.codec.EventCodec;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.replica.v1.FollowRequest;
import dev.sluice.replica.v1.FollowResponse;
import dev.sluice.replica.v1.Hello;
import dev.sluice.replica.v1.NodeReport;
import dev.sluice.replica.v1.ReadStatusRequest;
import dev.sluice.replica.v1.ReplicaServiceGrpc;
import dev.sluice.replica.v1.UnrecordedKill;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A follower's end of what it tells the leader and hears from it. The stream is opened again while
 * there is a leader, by {@link #tick}. Thread-safe: guarded by its own lock.
 */
public final class LeaderLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderLink.class);

    private static final long PATIENCE_SECONDS = 3;
    private static final int LARGEST_STATUS = 64 << 20;

    private final String replica;
    private final ClientInterceptor credentials;
    private final Function<String, ManagedChannel> dialer;
    private final News news;
    private Optional<String> leader = Optional.empty();
    private boolean closed;
    private @Nullable ManagedChannel channel;
    private @Nullable ClientCallStreamObserver<FollowRequest> stream;
    private OptionalLong end = OptionalLong.empty(); // of the log, as this stream tells

    /** What a follower does with what it hears; calls return at once. */
    public interface News {
        /** A stream to a leader was opened: it is to hear everything anew. */
        void connected();

        void logGrew();

        void killed(List<GateSpec> kills);

        void dropped(Set<GateName> gates);
    }

    /**
     * @param replica name of this one
     * @param secret of the store
     * @param dialer opens a channel to an address
     */
    public LeaderLink(
            String replica, String secret, Function<String, ManagedChannel> dialer, News news) {
        var headers = new Metadata();
        headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + secret);
        this.credentials = MetadataUtils.newAttachHeadersInterceptor(headers);
        this.replica = replica;
        this.dialer = dialer;
        this.news = news;
    }

    /**
     * Follows whoever leads now; to be called a few times a second.
     *
     * @param now where the leader is; empty when this replica leads, or nobody
     */
    public void tick(Optional<String> now) {
        boolean opened;
        synchronized (this) {
            if (closed) {
                return;
            }
            if (!now.equals(leader)) {
                hangUp();
                leader = now;
                channel = now.map(dialer).orElse(null);
            }
            opened = channel != null && stream == null;
            if (opened) {
                open();
            }
        }
        if (opened) {
            news.connected();
        }
    }

    /** To the leader, for calls of others; empty when there is none. */
    public synchronized Optional<Channel> channel() {
        return Optional.ofNullable(channel);
    }

    /** What the leader's status page shows, as JSON; empty when it does not answer. Blocks. */
    public Optional<byte[]> status() {
        return channel().flatMap(this::status);
    }

    private Optional<byte[]> status(Channel to) {
        try {
            return Optional.of(
                    ReplicaServiceGrpc.newBlockingStub(to)
                            .withInterceptors(credentials)
                            .withMaxInboundMessageSize(LARGEST_STATUS)
                            .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                            .readStatus(ReadStatusRequest.getDefaultInstance())
                            .getJson()
                            .toByteArray());
        } catch (StatusRuntimeException silence) {
            LOG.debug("the leader does not say its status: {}", silence.getMessage());
            return Optional.empty();
        }
    }

    /** Whether anybody listens. */
    public synchronized boolean follows() {
        return stream != null;
    }

    /** The last event that the leader has told of; empty while it tells nothing. */
    public synchronized OptionalLong endOfLog() {
        return stream == null ? OptionalLong.empty() : end;
    }

    private synchronized void ends(long seq) {
        end = OptionalLong.of(seq);
    }

    /** Tells of a node, if anybody listens. */
    public void tell(NodeReport report) {
        send(FollowRequest.newBuilder().setNode(report));
    }

    /** Tells what a sidecar reported, if anybody listens. */
    public void tell(EvidenceReport report) {
        send(FollowRequest.newBuilder().setEvidence(report));
    }

    /** Tells of a kill that is not recorded, if anybody listens; may be told again. */
    public void tell(Command.Kill kill, CommandContext context) {
        String id =
                context.requestId()
                        .orElseGet(() -> stableId(kill.target().name() + context.time()));
        send(
                FollowRequest.newBuilder()
                        .setKill(
                                UnrecordedKill.newBuilder()
                                        .setTarget(kill.target().name())
                                        .setCaller(OnBehalf.write(context.caller()))
                                        .setReason(context.reason())
                                        .setRequestId(id)
                                        .setTime(timestamp(context.time()))));
    }

    private static Timestamp timestamp(Instant time) {
        long seconds = time.getEpochSecond();
        int nanos = time.getNano();
        return Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build();
    }

    @Override
    public synchronized void close() {
        closed = true;
        hangUp();
    }

    private void hangUp() {
        if (channel != null) {
            channel.shutdownNow();
        }
        channel = null;
        stream = null;
        leader = Optional.empty();
    }

    private static String stableId(String kill) {
        return UUID.nameUUIDFromBytes(kill.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private synchronized void send(FollowRequest.Builder request) {
        if (stream != null) {
            stream.onNext(request.build());
        }
    }

    private void open() {
        if (channel != null) {
            var unused =
                    ReplicaServiceGrpc.newStub(channel)
                            .withInterceptors(credentials)
                            .follow(new Heard());
            send(FollowRequest.newBuilder().setHello(Hello.newBuilder().setReplica(replica)));
        }
    }

    private synchronized void opened(ClientCallStreamObserver<FollowRequest> call) {
        stream = call;
        end = OptionalLong.empty();
    }

    @SuppressWarnings("ReferenceEquality") // this very call
    private synchronized void ended(@Nullable ClientCallStreamObserver<FollowRequest> call) {
        if (stream == call) {
            stream = null;
        }
    }

    /** What the leader says on one stream. */
    private final class Heard implements ClientResponseObserver<FollowRequest, FollowResponse> {
        private @Nullable ClientCallStreamObserver<FollowRequest> call;

        @Override
        public void beforeStart(ClientCallStreamObserver<FollowRequest> opening) {
            call = opening;
            opened(opening);
        }

        @Override
        public void onNext(FollowResponse response) {
            switch (response.getSaidCase()) {
                case END_OF_LOG -> {
                    ends(response.getEndOfLog());
                    news.logGrew();
                }
                case KILLS -> {
                    if (EventCodec.decode(response.getKills().getLine()).event()
                            instanceof GatesRevised(_, var gates)) {
                        news.killed(gates);
                    }
                }
                case DROPPED ->
                        news.dropped(
                                response.getDropped().getGatesList().stream()
                                        .flatMap(name -> GateName.parse(name).toOptional().stream())
                                        .collect(Collectors.toSet()));
                case SAID_NOT_SET -> {
                    // a later version says something that can be ignored
                }
            }
        }

        @Override
        public void onError(Throwable broken) {
            if (Status.fromThrowable(broken).getCode() == Status.Code.UNAVAILABLE) {
                LOG.debug("the leader is not heard: {}", broken.getMessage());
            } else {
                LOG.warn("the leader does not talk to this replica: {}", broken.getMessage());
            }
            ended(call);
        }

        @Override
        public void onCompleted() {
            ended(call);
        }
    }
}
