/*
 * The floor under every sensor: maps a pcap file, decodes Ethernet and IPv4 down to TCP's flags, and
 * counts the frames of each source in an exact table. One thread, no reassembly, no verdicts.
 *
 * cc -O3 -march=native -o count_sources count_sources.c; ./count_sources file.pcap
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PLACES = 1 << 23, PCAP_HEADER = 24, RECORD_HEADER = 16, ETHERNET = 14 };

struct source {
    uint32_t address;
    uint32_t frames;
};

static uint16_t be16(const uint8_t *at) { return (uint16_t) (at[0] << 8 | at[1]); }

static uint32_t be32(const uint8_t *at)
{
    return (uint32_t) at[0] << 24 | (uint32_t) at[1] << 16 | (uint32_t) at[2] << 8 | at[3];
}

int main(int argc, char **argv)
{
    struct stat status;
    int file = argc == 2 ? open(argv[1], O_RDONLY) : -1;
    if (file < 0 || fstat(file, &status) != 0 || status.st_size < PCAP_HEADER) {
        fprintf(stderr, "usage: count_sources FILE, a pcap file of this machine's byte order\n");
        return 2;
    }
    const uint8_t *bytes = mmap(NULL, (size_t) status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    struct source *table = calloc(PLACES, sizeof *table);
    if (bytes == MAP_FAILED || table == NULL) {
        perror("count_sources");
        return 1;
    }
    const uint8_t *end = bytes + status.st_size;
    uint64_t frames = 0, syns = 0, echoes = 0, odd = 0;
    uint32_t sources = 0;

    for (const uint8_t *at = bytes + PCAP_HEADER; end - at >= RECORD_HEADER;) {
        uint32_t captured;
        memcpy(&captured, at + 8, sizeof captured);
        const uint8_t *frame = at + RECORD_HEADER;
        if (captured > (size_t) (end - frame))
            break;
        at = frame + captured;
        frames++;
        const uint8_t *ip = frame + ETHERNET;
        if (captured < ETHERNET + 20 || be16(frame + 12) != 0x0800 || ip[0] >> 4 != 4)
            continue;
        size_t header = (size_t) (ip[0] & 15) * 4;
        const uint8_t *payload = ip + header;
        if (ip[9] == 6 && payload + 20 <= at) {
            syns += (payload[13] & 0x12) == 0x02;
            odd += (payload[13] & 0x16) == 0;
        } else if (ip[9] == 1 && payload + 8 <= at) {
            echoes += payload[0] == 8;
        }
        /* Address 0 is no source, so it marks an empty place. */
        uint32_t source = be32(ip + 12);
        uint32_t place = (source * 2654435769u) >> 9 & (PLACES - 1);
        while (table[place].address != source && table[place].address != 0)
            place = (place + 1) & (PLACES - 1);
        if (table[place].address == 0) {
            if (sources == PLACES / 2) {
                fprintf(stderr, "count_sources: more than %d sources\n", PLACES / 2);
                return 1;
            }
            table[place].address = source;
            sources++;
        }
        table[place].frames++;
    }
    printf("frames %llu sources %u syns %llu echoes %llu odd %llu\n", (unsigned long long) frames,
           sources, (unsigned long long) syns, (unsigned long long) echoes, (unsigned long long) odd);
    return 0;
}
