#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Sockledger authors
# SPDX-License-Identifier: CC0-1.0

"""process_bytes.py PID...: the row that psutil lacks, RX and TX bytes of a process.

Prints "PID RX TX" for each process, and again whenever a line comes in. Bytes are those since this program
began, or since the daemon did where there is one.
"""

import ctypes
import os
import sys
from ctypes import POINTER, byref, c_char_p, c_double, c_size_t, c_uint32, c_uint64, c_void_p

library = ctypes.CDLL("libsockledger.so.1")


class Struct(ctypes.Structure):
    def __init__(self, **values):
        super().__init__(size=ctypes.sizeof(self), **values)


class FeedOptions(Struct):
    _fields_ = [("size", c_size_t), ("source", c_uint32), ("flags", c_uint32), ("path", c_char_p),
                ("sections", c_uint32), ("socket_interval_ms", c_uint32)]


class Traffic(ctypes.Structure):
    _fields_ = [("rx_bytes", c_uint64), ("tx_bytes", c_uint64), ("rx_packets", c_uint64),
                ("tx_packets", c_uint64), ("rx_rate", c_double), ("tx_rate", c_double),
                ("accuracy", c_uint32), ("valid", c_uint32)]


class Counts(ctypes.Structure):
    _fields_ = [("total", c_uint32), ("tcp", c_uint32), ("udp", c_uint32), ("other", c_uint32),
                ("tcp_states", c_uint32 * 13)]


class Process(Struct):
    _fields_ = [("size", c_size_t), ("pid", c_uint32), ("parent_pid", c_uint32), ("start_ticks", c_uint64),
                ("uid", c_uint32), ("alive", c_uint32), ("name", c_char_p), ("exe", c_char_p),
                ("user", c_char_p), ("app", c_char_p), ("traffic", Traffic), ("loopback", Traffic),
                ("connections", Counts), ("reserved", c_uint32)]


library.sockledger_feed_open.argtypes = [POINTER(FeedOptions), POINTER(c_void_p), c_char_p, c_size_t]
library.sockledger_feed_sample.argtypes = [c_void_p, POINTER(c_void_p)]
library.sockledger_feed_error.argtypes = [c_void_p]
library.sockledger_feed_error.restype = c_char_p
library.sockledger_feed_close.argtypes = [c_void_p]
library.sockledger_snapshot_find_process.argtypes = [c_void_p, c_uint32, POINTER(Process)]
library.sockledger_snapshot_release.argtypes = [c_void_p]


class Ledger:
    def __init__(self):
        self.feed = c_void_p()
        error = ctypes.create_string_buffer(200)
        code = library.sockledger_feed_open(FeedOptions(), byref(self.feed), error, len(error))
        if code != 0:
            raise OSError(-code, error.value.decode())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        library.sockledger_feed_close(self.feed)

    def process_bytes(self, pids):
        """(pid, rx, tx) of each; zeros for one that has used no socket."""
        snapshot = c_void_p()
        code = library.sockledger_feed_sample(self.feed, byref(snapshot))
        if code != 0:
            raise OSError(-code, library.sockledger_feed_error(self.feed).decode())
        try:
            for pid in pids:
                process = Process()
                found = library.sockledger_snapshot_find_process(snapshot, pid, byref(process)) == 0
                traffic = process.traffic if found else Traffic()
                yield pid, traffic.rx_bytes, traffic.tx_bytes
        finally:
            library.sockledger_snapshot_release(snapshot)


def main():
    pids = [int(pid) for pid in sys.argv[1:]] or [os.getpid()]
    with Ledger() as ledger:
        while True:
            for row in ledger.process_bytes(pids):
                print(*row, flush=True)
            if not sys.stdin.readline():
                return


if __name__ == "__main__":
    main()
