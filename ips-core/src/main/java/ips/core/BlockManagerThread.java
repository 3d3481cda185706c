package ips.core;

import ips.core.block.BlockManager;

/** Runs the block manager: works while there is work, and sleeps until somebody reports. */
final class BlockManagerThread extends Thread {
    /** While reports wait for the slowest worker to come as far. */
    private static final long NAP_NS = 500_000;

    /** Otherwise: how late a ban may end and a flood of many sources be told. */
    private static final long SLEEP_NS = 100_000_000;

    private final BlockManager blockManager;
    private volatile boolean ending;

    BlockManagerThread(BlockManager blockManager) {
        super("ips-block-manager");
        this.blockManager = blockManager;
        setDaemon(true);
    }

    @Override
    public void run() {
        while (!ending) {
            if (blockManager.doWork() == 0) {
                blockManager.await(blockManager.hasPending() ? NAP_NS : SLEEP_NS);
            }
        }
        blockManager.onClose();
    }

    /** Lets it take what the workers left behind, and waits for that. */
    void end() {
        ending = true;
        blockManager.wake();
        boolean interrupted = false;
        while (isAlive()) {
            try {
                join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
