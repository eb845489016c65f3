package dev.sluice.control.replica;

import com.google.protobuf.ByteString;
import dev.sluice.contract.GateName;
import dev.sluice.contract.GateSetName;
import dev.sluice.contract.Problem;
import dev.sluice.control.admin.access.OnBehalf;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.replica.v1.FollowRequest;
import dev.sluice.replica.v1.FollowResponse;
import dev.sluice.replica.v1.NodeReport;
import dev.sluice.replica.v1.ReadStatusRequest;
import dev.sluice.replica.v1.ReadStatusResponse;
import dev.sluice.replica.v1.ReplicaServiceGrpc;
import dev.sluice.replica.v1.UnrecordedKill;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code ReplicaService}: the leader's end of what followers tell and hear. Thread-safe. */
public final class ReplicaServer extends ReplicaServiceGrpc.ReplicaServiceImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaServer.class);

    private final Followers followers;
    private final Nodes nodes;
    private final BiConsumer<Command, CommandContext> changes;
    private final BooleanSupplier leads;
    private final Supplier<byte[]> status;

    /** Where it goes what followers say of their nodes; calls return at once. */
    public interface Nodes {
        void told(String replica, NodeReport report);

        void told(EvidenceReport report);

        void gone(String replica);
    }

    /**
     * @param changes where kills of followers go
     * @param leads whether this replica leads
     * @param status what the status page of this replica shows, as JSON
     */
    public ReplicaServer(
            Followers followers,
            Nodes nodes,
            BiConsumer<Command, CommandContext> changes,
            BooleanSupplier leads,
            Supplier<byte[]> status) {
        this.followers = followers;
        this.nodes = nodes;
        this.changes = changes;
        this.leads = leads;
        this.status = status;
    }

    @Override
    public StreamObserver<FollowRequest> follow(StreamObserver<FollowResponse> responses) {
        var out = (ServerCallStreamObserver<FollowResponse>) responses;
        var stream = new Stream(out);
        out.setOnCancelHandler(stream::end);
        return stream;
    }

    @Override
    public void readStatus(ReadStatusRequest request, StreamObserver<ReadStatusResponse> observer) {
        if (leads.getAsBoolean()) {
            observer.onNext(
                    ReadStatusResponse.newBuilder()
                            .setJson(ByteString.copyFrom(status.get()))
                            .build());
            observer.onCompleted();
        } else {
            observer.onError(notLeading().asRuntimeException());
        }
    }

    private static Status notLeading() {
        return Status.UNAVAILABLE.withDescription("this replica does not lead");
    }

    /** One follower. What it tells comes one message at a time; what it hears from any thread. */
    private final class Stream implements StreamObserver<FollowRequest> {
        private final ServerCallStreamObserver<FollowResponse> out;
        private final Consumer<FollowResponse> news = this::tell;
        private String replica = "";
        private boolean ended; // guarded by this

        Stream(ServerCallStreamObserver<FollowResponse> out) {
            this.out = out;
        }

        @Override
        public void onNext(FollowRequest request) {
            if (!leads.getAsBoolean()) {
                fail(notLeading());
                return;
            }
            try {
                take(request);
            } catch (IllegalArgumentException e) {
                fail(Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
            }
        }

        private void take(FollowRequest request) {
            if (replica.isEmpty() != request.hasHello()) {
                throw new IllegalArgumentException(
                        request.getSaidCase() + " (expected hello first, and once)");
            }
            switch (request.getSaidCase()) {
                case HELLO -> begin(request.getHello().getReplica());
                case NODE -> nodes.told(replica, request.getNode());
                case EVIDENCE -> nodes.told(request.getEvidence());
                case KILL -> changes.accept(kill(request.getKill()), context(request.getKill()));
                case SAID_NOT_SET -> {
                    // a later version says something that can be ignored
                }
            }
        }

        private void begin(String name) {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("replica \"\" (expected a name)");
            }
            replica = name;
            LOG.info("replica {} follows", name);
            followers.add(news);
        }

        private synchronized void tell(FollowResponse response) {
            if (!ended && (out.isReady() || !response.hasEndOfLog())) {
                out.onNext(response); // a follower that is slow reads the log's end by itself
            }
        }

        private void fail(Status status) {
            if (end()) {
                out.onError(status.asRuntimeException());
            }
        }

        @Override
        public void onError(Throwable broken) {
            end();
        }

        @Override
        public void onCompleted() {
            if (end()) {
                out.onCompleted();
            }
        }

        /** Says whether it had not ended before. */
        private boolean end() {
            synchronized (this) {
                if (ended) {
                    return false;
                }
                ended = true;
            }
            followers.remove(news);
            if (!replica.isEmpty()) {
                LOG.info("replica {} follows no more", replica);
                nodes.gone(replica);
            }
            return true;
        }
    }

    private static Command kill(UnrecordedKill kill) {
        String target = kill.getTarget();
        return new Command.Kill(
                GateName.parse(target)
                        .toOptional()
                        .<ShareTarget>map(ShareTarget.OfGate::new)
                        .or(() ->
                                GateSetName.parse(target).toOptional().map(ShareTarget.OfSet::new))
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "target "
                                                + Problem.quote(target)
                                                + " (expected gates/… or gateSets/…)")));
    }

    private static CommandContext context(UnrecordedKill kill) {
        return CommandContext.of(
                        OnBehalf.read(kill.getCaller()),
                        Instant.ofEpochSecond(
                                kill.getTime().getSeconds(), kill.getTime().getNanos()))
                .withReason(kill.getReason())
                .withRequestId(kill.getRequestId());
    }
}
