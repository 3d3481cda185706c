// Sends the frames of a pcap file (Ethernet, native byte order) through an interface, over and over,
// as fast as it takes them or at a rate: replay IF FILE SECONDS [FRAMES-A-SECOND]
// Prints one line: frames sent, seconds, frames a second. Build: cc -O2 -o replay replay.c
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BATCH 64

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "replay IF FILE SECONDS [FRAMES-A-SECOND]\n");
        return 2;
    }
    int file = open(argv[2], O_RDONLY);
    struct stat stat;
    if (file < 0 || fstat(file, &stat) < 0) die(argv[2]);
    uint8_t *bytes = mmap(0, stat.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (bytes == MAP_FAILED) die("mmap");
    double seconds = atof(argv[3]);
    double rate = argc > 4 ? atof(argv[4]) : 0;

    int fd = socket(AF_PACKET, SOCK_RAW, 0);
    if (fd < 0) die("socket");
    struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_ifindex = (int) if_nametoindex(argv[1])};
    if (bind(fd, (struct sockaddr *) &to, sizeof to) < 0) die("bind");
    int on = 1;
    setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on);

    static struct mmsghdr messages[BATCH];
    static struct iovec parts[BATCH];
    for (int i = 0; i < BATCH; i++) {
        messages[i].msg_hdr.msg_iov = &parts[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    off_t at = 24;
    uint64_t sent = 0;
    double begin = now();
    double end = begin + seconds;
    for (double t = begin; t < end; t = now()) {
        if (rate > 0 && sent > (t - begin) * rate) continue;
        for (int i = 0; i < BATCH; i++) {
            uint32_t length;
            memcpy(&length, bytes + at + 8, 4);
            parts[i].iov_base = bytes + at + 16;
            parts[i].iov_len = length;
            at += 16 + length;
            if (at + 16 > stat.st_size) at = 24;
        }
        for (int i = 0; i < BATCH;) {
            int n = sendmmsg(fd, messages + i, BATCH - i, 0);
            if (n > 0) {
                i += n;
                sent += n;
            } else if (errno != ENOBUFS && errno != EAGAIN) {
                die("sendmmsg");
            }
        }
    }
    double took = now() - begin;
    printf("%llu %.3f %.0f\n", (unsigned long long) sent, took, sent / took);
    return 0;
}
