package dev.sluice.control.cli.resource;

import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import dev.sluice.control.cli.session.Change;
import io.grpc.Channel;

/** A kind of resource that can be changed from a file (AIP 134). Implementations are immutable. */
public interface Updated<R extends Message> extends Listed<R> {
    /** The empty resource. */
    R prototype();

    /** Changes the fields of the mask; with an empty mask, those that are set. */
    R update(Channel channel, R resource, FieldMask mask, Change change);
}
