package dev.sluice.proxy.balance;

import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.Policy.Maglev;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A lookup table that endpoints fill in turn, each by a permutation of its own (D. Eisenbud et al.,
 * Maglev, NSDI 2016, listing 1, with Envoy's weights): shares are more even than on a ring, and a
 * few hashes more move when an endpoint goes. Immutable.
 */
final class MaglevTable implements HashTable {
    private final Endpoint[] endpoints;
    private final int[] owners;

    private MaglevTable(Endpoint[] endpoints, int[] owners) {
        this.endpoints = endpoints;
        this.owners = owners;
    }

    /**
     * @param shares at least one
     */
    static MaglevTable of(List<Share> shares, Maglev spec) {
        List<Share> sorted =
                shares.stream()
                        .sorted(
                                Comparator.comparing(
                                        share -> Hashes.key(share.endpoint(), spec.key())))
                        .toList();
        return new MaglevTable(
                sorted.stream().map(Share::endpoint).toArray(Endpoint[]::new),
                new Filling(sorted, spec).fill());
    }

    @Override
    public Endpoint owner(long hash, int attempt) {
        long tried = attempt > 0 ? hash ^ (~0L - attempt + 1) : hash;
        return endpoints[owners[(int) Long.remainderUnsigned(tried, owners.length)]];
    }

    /** The table while it is filled. */
    private static final class Filling {
        private final int size;
        private final int[] owners;
        private final double[] shares;
        private final double[] wanted;
        private final long[] offsets;
        private final long[] skips;
        private final long[] next;
        private final double most;

        Filling(List<Share> sorted, Maglev spec) {
            size = spec.tableSize();
            owners = new int[size];
            Arrays.fill(owners, -1);
            int count = sorted.size();
            shares = sorted.stream().mapToDouble(Share::share).toArray();
            wanted = new double[count];
            offsets = new long[count];
            skips = new long[count];
            next = new long[count];
            most = Arrays.stream(shares).max().orElseThrow();
            for (int i = 0; i < count; i++) {
                String key = Hashes.key(sorted.get(i).endpoint(), spec.key());
                offsets[i] = Long.remainderUnsigned(Hashes.xx(key, 0), size);
                skips[i] = Long.remainderUnsigned(Hashes.xx(key, 1), size - 1L) + 1;
            }
        }

        int[] fill() {
            int filled = 0;
            for (int round = 1; filled < size; round++) {
                for (int i = 0; i < shares.length && filled < size; i++) {
                    if (round * shares[i] >= wanted[i]) {
                        wanted[i] += most;
                        owners[free(i)] = i;
                        filled++;
                    }
                }
            }
            return owners;
        }

        private int free(int i) {
            while (true) {
                int slot = (int) ((offsets[i] + skips[i] * next[i]++) % size);
                if (owners[slot] < 0) {
                    return slot;
                }
            }
        }
    }
}
