package dev.sluice.proxy.mirror;

import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.observe.MirrorObserver;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives the copies of one request what comes of it. It never asks the request to come slower: a
 * copy whose endpoint is slower than the request holds what waits, up to a budget, and is cut
 * beyond. Loop-owned.
 */
public final class MirrorTee {
    /** Copies nothing. */
    public static final MirrorTee NONE = new MirrorTee(List.of());

    private final List<MirroredRequest> copies;

    private MirrorTee(List<MirroredRequest> copies) {
        this.copies = copies;
    }

    /**
     * Starts copies of a request whose head has come.
     *
     * @param bodiless the head is the whole request
     */
    public static MirrorTee start(
            List<Mirror> mirrors,
            boolean bodiless,
            Loop loop,
            MirrorMemory memory,
            MirrorObserver observer) {
        if (mirrors.isEmpty()) {
            return NONE;
        }
        List<MirroredRequest> copies = new ArrayList<>(mirrors.size());
        for (Mirror mirror : mirrors) {
            copies.add(new MirroredRequest(loop, mirror, bodiless, memory, observer));
        }
        copies.forEach(MirroredRequest::start);
        return new MirrorTee(copies);
    }

    /** A part of the request; the caller keeps it. */
    public void data(ByteBuf part, boolean last) {
        for (MirroredRequest copy : copies) {
            copy.data(part.retainedDuplicate(), last);
        }
    }

    /** The end of a request with trailers; the caller keeps them. */
    public void trailers(HeaderBlock fields) {
        for (MirroredRequest copy : copies) {
            copy.trailers(fields.copy());
        }
    }

    /** Nothing more of the request will come: copies of a part of it are no use. */
    public void close() {
        copies.forEach(MirroredRequest::unfinished);
    }
}
