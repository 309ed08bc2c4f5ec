/* SPDX-FileCopyrightText: The Sockledger authors */
/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The compiled BPF programs as bytes of the library: nothing to find or to install at run time. */
	.section .rodata
	.balign 8
	.globl sockledger_bpf_object
	.globl sockledger_bpf_object_end
	.hidden sockledger_bpf_object
	.hidden sockledger_bpf_object_end
sockledger_bpf_object:
	.incbin SOCKLEDGER_BPF_OBJECT
sockledger_bpf_object_end:
	.section .note.GNU-stack,"",%progbits
