package dev.sluice.proxy.balance;

import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.Policy.RingHash;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A ring of points (ketama), many of each endpoint: a hash belongs to the next point. When an
 * endpoint goes, only its own hashes move. Points and their number are Envoy's. Immutable.
 */
final class HashRing implements HashTable {
    private final long[] points;
    private final Endpoint[] owners;

    private record Point(long hash, Endpoint owner) {}

    private HashRing(List<Point> ring) {
        points = new long[ring.size()];
        owners = new Endpoint[ring.size()];
        for (int i = 0; i < points.length; i++) {
            points[i] = ring.get(i).hash();
            owners[i] = ring.get(i).owner();
        }
    }

    /**
     * @param shares at least one
     */
    static HashRing of(List<Share> shares, RingHash spec) {
        double least = shares.stream().mapToDouble(Share::share).min().orElseThrow();
        double scale = Math.min(Math.ceil(least * spec.least()) / least, (double) spec.most());
        List<Point> ring = new ArrayList<>();
        double wanted = 0;
        for (Share share : shares) {
            String key = Hashes.key(share.endpoint(), spec.key());
            wanted += scale * share.share();
            for (int i = 0; ring.size() < wanted; i++) {
                ring.add(new Point(Hashes.of(spec.function(), key + "_" + i), share.endpoint()));
            }
        }
        ring.sort(Comparator.comparing(Point::hash, Long::compareUnsigned));
        return new HashRing(ring);
    }

    @Override
    public Endpoint owner(long hash, int attempt) {
        return owners[(next(hash) + attempt) % owners.length];
    }

    /** Points on the ring. */
    int size() {
        return points.length;
    }

    /** Index of the first point at or after the hash; the first of all after the last. */
    private int next(long hash) {
        int low = 0;
        int high = points.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(points[middle], hash) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == points.length ? 0 : low;
    }
}
