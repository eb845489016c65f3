package dev.sluice.proxy.overload;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Memory that this process can't do without: what was still alive in each part of the heap when it
 * was last collected, and the buffers of connections. What has become garbage since does not count,
 * for a heap fills up between collections whatever the load. Thread-safe.
 */
final class MemoryInUse implements LongSupplier {
    private final List<MemoryPoolMXBean> heap =
            ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP)
                    .toList();

    @Override
    public long getAsLong() {
        long bytes = buffers();
        for (MemoryPoolMXBean pool : heap) {
            MemoryUsage alive = pool.getCollectionUsage();
            bytes += alive == null ? pool.getUsage().getUsed() : alive.getUsed();
        }
        return bytes;
    }

    private static long buffers() {
        return ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider
                ? provider.metric().usedDirectMemory()
                : 0;
    }
}
